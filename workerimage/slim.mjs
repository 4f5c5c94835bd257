// Takes out of an installed node_modules what Appium never reads: the copies
// that its driver bundles of packages that stand beside it in the same version
// (loaded twice, they cost every worker memory and start-up time), source maps,
// type declarations and manuals.
import {existsSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';

const root = process.argv[2];

const version = (dir) => JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')).version;

// packages are the directories of a node_modules, scopes opened.
function packages(dir) {
  return readdirSync(dir).filter((name) => !name.startsWith('.')).flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(dir, name)).map((sub) => join(name, sub)) : [name]);
}

function dropCopies(bundle) {
  for (const name of packages(bundle)) {
    const copy = join(bundle, name);
    const original = join(root, name);
    if (existsSync(join(original, 'package.json')) && version(original) === version(copy)) {
      rmSync(copy, {recursive: true});
    }
  }
}

function dropUnread(dir) {
  for (const entry of readdirSync(dir, {withFileTypes: true})) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) {
      dropUnread(path);
    } else if (/\.(map|md|markdown|d\.[cm]?ts)$/i.test(entry.name)) {
      rmSync(path);
    }
  }
}

dropCopies(join(root, 'appium-uiautomator2-driver', 'node_modules'));
dropUnread(root);

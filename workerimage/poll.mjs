// Has the driver ask the phone ten times a second, and not once, whether its
// UiAutomator2 server is up: when it is not at the first question, the session
// costs a second of waiting. There is no capability for it; a driver that is
// written otherwise fails the build.
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

const file = join(process.argv[2], 'appium-uiautomator2-driver/build/lib/uiautomator2-server/core.js');
const start = /(waitMs: timeout,\s*intervalMs: )1000(?=,\s*\})/g;

const source = readFileSync(file, 'utf8');
const found = source.match(start)?.length ?? 0;
if (found !== 1) {
  throw new Error(`${file}: the wait for the server's start is there ${found} times, not once`);
}
writeFileSync(file, source.replace(start, '$1100'));

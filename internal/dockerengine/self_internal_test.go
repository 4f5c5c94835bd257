package dockerengine

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/docker/docker/api/types/container"
)

func TestOnMount(t *testing.T) {
	t.Parallel()
	mounts := []container.MountPoint{
		{Source: "/srv/campaign", Destination: "/data"},
		{Source: "/mnt/videos", Destination: "/data/media"},
		{Source: "/var/run/docker.sock", Destination: "/var/run/docker.sock"},
	}
	cases := []struct{ path, want string }{
		{"/data", "/srv/campaign"},
		{"/data/logs", "/srv/campaign/logs"},
		{"/data/media", "/mnt/videos"},
		{"/data/media/a/b.mp4", "/mnt/videos/a/b.mp4"},
		{"/database", ""},
		{"/", ""},
	}
	for _, tc := range cases {
		got, ok := onMount(mounts, tc.path)
		if got != tc.want || ok != (tc.want != "") {
			t.Errorf("%s: got %q, %t, want %q", tc.path, got, ok, tc.want)
		}
	}
	if got, _ := onMount([]container.MountPoint{{Source: "/", Destination: "/"}}, "/x/y"); got != "/x/y" {
		t.Errorf("a mount of the root: got %q, want /x/y", got)
	}
}

func TestContainerID(t *testing.T) {
	t.Parallel()
	id := strings.Repeat("0123456789abcdef", 4)
	const none = "22 1 0:20 / /proc rw - proc proc rw\n"
	cases := []struct {
		name, mountinfo, cgroup, hostname, want string
	}{
		{
			"mountinfo of docker 20.10",
			none + "612 590 8:1 /var/lib/docker/containers/" + id + "/hosts /etc/hosts rw - ext4 /dev/sda1 rw\n",
			"0::/\n", "host", id,
		},
		{
			"mountinfo with a data root elsewhere",
			none + "612 590 8:1 /d/containers/" + id + "/hostname /etc/hostname rw - ext4 /dev/sda1 rw\n",
			"", "host", id,
		},
		{
			"a host that has a container's shm mounted",
			"70 22 0:50 / /var/lib/docker/containers/" + id + "/mounts/shm rw - tmpfs shm rw\n",
			"0::/init.scope\n", "host", "",
		},
		{"cgroup v1", none, "12:pids:/docker/" + id + "\n11:cpu:/docker/" + id + "\n", "host", id},
		{"cgroup v2 under systemd", none, "0::/system.slice/docker-" + id + ".scope\n", "host", id},
		{"host name", none, "0::/\n", "0123456789ab", "0123456789ab"},
		{"no container", none, "0::/user.slice\n", "laptop", ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := proc(t, tc.mountinfo, tc.cgroup, tc.hostname).containerID(); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

// proc is the kernel's tables as given.
func proc(t *testing.T, mountinfo, cgroup, hostname string) procFiles {
	t.Helper()
	dir := t.TempDir()
	p := procFiles{
		mountinfo: filepath.Join(dir, "mountinfo"),
		cgroup:    filepath.Join(dir, "cgroup"),
		hostname:  func() (string, error) { return hostname, nil },
	}
	for path, text := range map[string]string{p.mountinfo: mountinfo, p.cgroup: cgroup} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

#!/usr/bin/env bash
# ansible-core rolls a channel out to booted servers, one of each family, in waves; a wave that fails is the last one.
# SPDX-License-Identifier: GPL-2.0-or-later
. "$(dirname "$0")/lib.sh"
needs_roots
cd "$WORK" || exit 1
# shellcheck source=tests/e2e/fleet.sh
. "$E2E/fleet.sh"

fleet_libraries
fleet_program stay
fleet_service ask stay 0755
fleet_service gate stay 0755
fleet_repository
channel() { # VERSION [HELD]
	cat >channels/acme.yaml <<-YAML
		channel: acme
		restart: [gate, ask]
		packages:
		  - {name: libwarden1, version: "$1", reason: certified, author: ops}
		hosts:
		  - {class: web, base: debian, services: [{name: ask, version: "1.0"}, {name: gate}]}
		  - {class: db, base: el, services: [{name: ask, version: "1.0"}, {name: gate}]}
		${2:+held: [{service: ask, package: libwarden1, version: "$2", reason: waits, author: ops\}]}
	YAML
}
channel 1.0.0
refuses "a channel that was never published cannot be rolled out" 1 "--publish does that.*no suite 'acme'" \
	"$ABIDE" pin export acme --ansible rollout --url "file://$repo"
publish_acme() { "$ABIDE" pin export acme --publish --ansible rollout --url "file://$repo" --why "$1"; }
check "a playbook, an inventory and what servers need are written" publish_acme first
is "its files" "$(cd rollout && find . -type f | sort | paste -sd' ')" \
	"./files/acme/RPM-GPG-KEY-vendor ./files/acme/vendor.gpg ./files/acme/vendor.repo ./files/acme/vendor.sources ./inventory/abide.yaml ./inventory/hosts.yaml ./rollout.yaml"
is "only modules of ansible.builtin" "$(grep -Eo '^ +[a-z]+\.[a-z]+\.[a-z_]+:' rollout/rollout.yaml | grep -cv 'ansible\.builtin\.')" 0

# ---- two servers; ssh is a script that enters them ----
mkdir pids
root_up web1 apt --bind "$repo" --systemd
root_up db1 dnf --bind "$repo" --systemd
for server in web1 db1; do echo "${ROOT_PID[$server]}" >pids/$server; done
cat >ssh <<SSH
#!/usr/bin/env bash
while [[ \${1-} = -* ]]; do
	case \$1 in -o) shift 2 ;; *) shift ;; esac
done
host=\$1
shift
exec nsenter --target "\$(cat "$WORK/pids/\$host")" --mount --root --pid --ipc --uts --net --cgroup --wdns=/ -- \\
	/usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 sh -c "\$*"
SSH
chmod +x ssh
cat >rollout/inventory/hosts.yaml <<YAML
acme_web:
  hosts: {web1: {}}
acme_db:
  hosts: {db1: {}}
all:
  vars: {ansible_ssh_executable: $WORK/ssh, ansible_python_interpreter: /usr/bin/python3, abide_become: false}
YAML
export ANSIBLE_PIPELINING=true ANSIBLE_NOCOWS=1 ANSIBLE_NOCOLOR=1 ANSIBLE_HOME=$WORK/ansible ANSIBLE_FORKS=2
roll() { env -C rollout ansible-playbook -i inventory rollout.yaml -e abide_settle=0 "$@" </dev/null; }
# recap SERVER: what changed and what failed, as Ansible's last lines have it.
recap() { sed -n "s/^$1 .*changed=\([0-9]*\).*failed=\([0-9]*\).*/\1 \2/p" "$OUT"; }
versions() { for server in web1 db1; do runs $server 2>/dev/null | cut -d' ' -f 1,2 | paste -sd' '; done | paste -sd/; }
waves() { grep -c '^PLAY \[Roll out\]' "$OUT"; }

check "a new fleet is brought up, one server first" roll
is "in waves" "$(waves)" 2
is "with the versions of the channel, not the newest" "$(versions)" "ask 1.0.0 gate 1.0.0/ask 1.0.0 gate 1.0.0"
for server in web1 db1; do
	started() { inside "$server" systemctl show -P ActiveEnterTimestampMonotonic "$1"; }
	check "$server: gate was started before ask, as the channel says" test "$(started gate)" -lt "$(started ask)"
done

# ---- a new version, which one service stays behind; and a server on which that does not come up ----
channel '1.*' 1.0.1
check "all move to 1.1.0 but ask, which moves to 1.0.1" publish_acme "ask waits"
inside web1 mkdir -p /etc/systemd/system/ask.service.d
printf '[Service]\nExecStartPre=/bin/false\n' | inside web1 tee /etc/systemd/system/ask.service.d/broken.conf >"$OUT"
inside web1 systemctl daemon-reload
refuses "the first wave fails" 2 'web1.*failed=1' roll
is "and the second is not touched" "$(versions | cut -d/ -f 2)" "ask 1.0.0 gate 1.0.0"
is "not even looked at" "$(waves) $(recap db1)" "1 "
inside web1 rm /etc/systemd/system/ask.service.d/broken.conf
inside web1 systemctl daemon-reload
check "mended, it goes on" roll -e abide_restart=true
is "to the end: two versions on each server" "$(versions)" "ask 1.0.1 gate 1.1.0/ask 1.0.1 gate 1.1.0"

# ---- and back to one ----
channel '1.*'
check "ask follows" publish_acme "ask is certified"
check "which is rolled out to both at once" roll -e '{"abide_waves": ["100%"]}'
is "and what was held has left" "$(versions)$(inside web1 ls -d /opt/warden/held 2>/dev/null)$(inside db1 ls -d /opt/warden/held 2>/dev/null)" \
	"ask 1.1.0 gate 1.1.0/ask 1.1.0 gate 1.1.0"
check "once more" roll --limit web1
is "and nothing changes" "$(recap web1)" "0 0"
check "the servers' names are left as they were written" grep -q 'hosts: {web1: {}}' rollout/inventory/hosts.yaml

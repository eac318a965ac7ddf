//! What is hidden by path.

use super::{Hidden, Mount, Network, Policy, Verdict, is_kernel_file_system};
use litebox_broker_protocol::{Identity, MountMode};
use std::path::{Path, PathBuf};

fn hidden(hide: &[&str], see: &[&str]) -> Hidden {
    Hidden::new(&Policy {
        mounts: Vec::new(),
        hidden: hide.iter().map(PathBuf::from).collect(),
        see: see.iter().map(PathBuf::from).collect(),
        identity: Identity::default(),
        network: Network::None,
        directory: "/".into(),
    })
}

#[test]
fn longest_rule_decides() {
    let hidden = hidden(
        &["/nowhere/home/.ssh", "/nowhere/home/.config/gh", "/nowhere/run/*.sock"],
        &["/nowhere/home/.ssh/known_hosts", "/nowhere/home/.config"],
    );
    let cases = [
        ("/nowhere/home", Verdict::Plain),
        ("/nowhere/home/.sshx", Verdict::Plain),
        ("/nowhere/home/.ssh", Verdict::Passage),
        ("/nowhere/home/.ssh/id_rsa", Verdict::Hidden),
        ("/nowhere/home/.ssh/known_hosts", Verdict::Shown),
        ("/nowhere/home/.ssh/known_hosts.old", Verdict::Hidden),
        ("/nowhere/home/.config/other", Verdict::Shown),
        ("/nowhere/home/.config/gh", Verdict::Hidden),
        ("/nowhere/home/.config/gh/hosts.yml", Verdict::Hidden),
        ("/nowhere/run/docker.sock", Verdict::Hidden),
        ("/nowhere/run/docker.pid", Verdict::Plain),
        ("/nowhere/run/sub/docker.sock", Verdict::Plain),
        ("/", Verdict::Plain),
        ("", Verdict::Hidden),
        ("relative", Verdict::Hidden),
    ];
    for (path, verdict) in cases {
        assert_eq!(hidden.verdict(path.as_bytes()), verdict, "{path}");
    }
    assert!(hidden.hides_below(b"/"));
    assert!(hidden.hides_below(b"/nowhere/home"));
    assert!(hidden.hides_below(b"/nowhere"));
    assert!(!hidden.hides_below(b"/nowhere/home/.sshx"));
    assert!(!hidden.hides_below(b"/nowhere/home/.ssh/known_hosts"));
}

#[test]
fn equal_see_wins_but_never_over_the_kernel() {
    let hidden = hidden(&["/nowhere/secret"], &["/nowhere/secret", "/proc", "/sys/kernel"]);
    assert_eq!(hidden.verdict(b"/nowhere/secret/x"), Verdict::Shown);
    for path in ["/proc", "/proc/1/environ", "/sys", "/sys/kernel", "/dev/mem"] {
        assert_eq!(hidden.verdict(path.as_bytes()), Verdict::Hidden, "{path}");
    }
    assert_eq!(hidden.verdict(b"/process"), Verdict::Plain);
    assert!(is_kernel_file_system(0x9fa0));
    assert!(!is_kernel_file_system(0xef53));
}

#[test]
fn default_policy_hides_secrets() {
    let policy = Policy::default_for(Path::new("/nowhere/me"), Path::new("/nowhere/me/work"));
    let hidden = Hidden::new(&policy);
    let secrets = [
        "/nowhere/me/.ssh/id_ed25519",
        "/nowhere/me/.aws",
        "/nowhere/me/.config/gh/hosts.yml",
        "/nowhere/me/.mozilla/firefox",
        "/nowhere/me/.kube/config",
        "/etc/shadow",
        "/root/anything",
        "/run/docker.sock",
        "/run/user/1000/bus",
    ];
    for path in secrets {
        assert_eq!(hidden.verdict(path.as_bytes()), Verdict::Hidden, "{path}");
    }
    for path in ["/", "/etc/passwd", "/nowhere/me/work", "/nowhere/me/.config", "/usr/bin/python3", "/run"] {
        assert_eq!(hidden.verdict(path.as_bytes()), Verdict::Plain, "{path}");
    }
    let root = Hidden::new(&Policy::default_for(Path::new("/root"), Path::new("/")));
    assert_eq!(root.verdict(b"/root/work"), Verdict::Plain);
    assert_eq!(root.verdict(b"/root/.ssh"), Verdict::Hidden);
}

#[test]
fn mounts_are_told_with_their_own_devices() {
    let mut policy = Policy::default_for(Path::new("/nowhere/me"), Path::new("/"));
    policy.mounts.push(Mount { source: "/tmp".into(), target: "/src".into(), mode: MountMode::ReadWrite });
    let told = policy.start_mounts();
    let devices: Vec<_> = told.iter().map(|mount| (mount.index, mount.device)).collect();
    assert_eq!(devices, [(0, 0x40), (1, 0x41)]);
    assert_eq!(told.last().map(|mount| mount.target.as_slice()), Some(&b"/src"[..]));
}

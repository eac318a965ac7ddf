//! Runs real programs, each natively first and then in the sandbox, as the table below lists them.
//!
//! `LITEBOX_TEST_NATIVE_ONLY` and `LITEBOX_FLAGS` mean what they mean
//! for `guest.rs`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::Duration;

use libtest_mimic::{Arguments, Trial};
use litebox_tests::{
    Case, Checked, Directives, Place, South, Suite, Toolchain, compile, keep_descriptors_to_ourselves,
};

use Checked::{Status, StatusAndOutput};

static TOOLCHAIN: Toolchain = Toolchain::new(1);
const TIMEOUT: Duration = Duration::from_secs(60);

/// One program of the table.
struct App {
    name: &'static str,
    program: Program,
    args: &'static [&'static str],
    checked: Checked,
    /// A folder that is hidden by default and that it needs.
    sees: Option<&'static str>,
}

/// Where a program comes from.
#[derive(Clone, Copy)]
enum Program {
    /// `/usr/bin/<name>` of this Debian package.
    Debian(&'static str, &'static str),
    /// Compiled from a file in `apps/`.
    Source(&'static str),
}

const BUSYBOX: Program = Program::Debian("busybox", "busybox-static");
const BASH: Program = Program::Debian("bash", "bash");
const PERL: Program = Program::Debian("perl", "perl");
const PYTHON: Program = Program::Debian("python3", "python3");
const SQLITE: Program = Program::Debian("sqlite3", "sqlite3");
const NODE: Program = Program::Debian("node", "nodejs");
const GCC: Program = Program::Debian("gcc", "gcc");
const OPENSSL: Program = Program::Debian("openssl", "openssl");
const GIT: Program = Program::Debian("git", "git");
const DASH: Program = Program::Debian("dash", "dash");
const ZSH: Program = Program::Debian("zsh", "zsh");

const fn app(name: &'static str, program: Program, args: &'static [&'static str], checked: Checked) -> App {
    App { name, program, args, checked, sees: None }
}

const LICENCE: &str = "/usr/share/common-licenses/GPL-3";

#[rustfmt::skip]
const APPS: &[App] = &[
    app("busybox_ls", BUSYBOX, &["ls", "-la", "/usr", "/etc/passwd"], StatusAndOutput),
    app("busybox_ls_recursive", BUSYBOX, &["ls", "-laR", "/usr/bin", "/usr/lib"], StatusAndOutput),
    app("busybox_cat", BUSYBOX, &["cat", LICENCE, "/etc/passwd"], StatusAndOutput),
    app("busybox_md5sum", BUSYBOX, &["md5sum", "/usr/bin/perl", LICENCE], StatusAndOutput),
    app("busybox_sha256sum", BUSYBOX, &["sha256sum", "/usr/bin/gcc", LICENCE], StatusAndOutput),
    app("busybox_awk", BUSYBOX, &["awk", "{ for (i = 1; i <= NF; i++) n[length($i)]++ } END { for (i = 1; i < 30; i++) print i, n[i] }", LICENCE], StatusAndOutput),
    app("busybox_sed", BUSYBOX, &["sed", "-n", "s/GNU \\([A-Z][a-z]*\\)/<\\1>/gp", LICENCE], StatusAndOutput),
    app("busybox_grep", BUSYBOX, &["grep", "-nEi", "free(dom)? .*software", LICENCE], StatusAndOutput),
    app("busybox_tar", BUSYBOX, &["tar", "cf", "-", LICENCE, "/etc/passwd"], StatusAndOutput),
    app("busybox_gzip", BUSYBOX, &["gzip", "-c", LICENCE], StatusAndOutput),
    app("busybox_find", BUSYBOX, &["find", "/usr/share/doc", "-name", "copyright", "-type", "f"], StatusAndOutput),
    app("busybox_sort", BUSYBOX, &["sort", "-r", LICENCE], StatusAndOutput),
    app("busybox_dd", BUSYBOX, &["dd", "if=/dev/zero", "of=/dev/null", "bs=1M", "count=512"], StatusAndOutput),
    app("busybox_dd_file", BUSYBOX, &["dd", "if=/dev/zero", "of=big", "bs=64k", "count=1000", "conv=fsync"], StatusAndOutput),
    app("busybox_wc", BUSYBOX, &["wc", LICENCE], StatusAndOutput),
    app("busybox_stat", BUSYBOX, &["stat", "-c", "%n %s %a %u %g %h %Y %F", LICENCE, "/usr/bin"], StatusAndOutput),
    app("busybox_stat_device", BUSYBOX, &["stat", "-c", "%n %s %a %u %g %h %t %T %F", "/dev/null"], StatusAndOutput),
    app("busybox_sh", BUSYBOX, &["sh", "-c", "i=0; while [ $i -lt 1000 ]; do i=$((i+1)); done; echo $i; echo text > f; read x < f; echo $x ${x%t} ${#x}; cd /usr; pwd; echo *; exit 0"], StatusAndOutput),
    app("bash_builtins", BASH, &["-c", BASH_SCRIPT], StatusAndOutput),
    app("perl", PERL, &["-e", PERL_SCRIPT], StatusAndOutput),
    app("perl_modules", PERL, &["-MDigest::SHA=sha256_hex", "-MList::Util=sum", "-MTime::HiRes=sleep", "-MPOSIX=floor", "-e", "print sha256_hex('x' x 1e6), ' ', sum(1..1000), ' ', floor(2.5), \"\\n\"; sleep 0.02"], StatusAndOutput),
    app("python_print", PYTHON, &["-c", "print(1)"], StatusAndOutput),
    app("python_threads", PYTHON, &["-c", PYTHON_THREADS], StatusAndOutput),
    app("python_json", PYTHON, &["-c", PYTHON_JSON], StatusAndOutput),
    app("python_asyncio", PYTHON, &["-c", PYTHON_ASYNCIO], StatusAndOutput),
    app("python_sqlite", PYTHON, &["-c", PYTHON_SQLITE], StatusAndOutput),
    app("python_files", PYTHON, &["-c", PYTHON_FILES], StatusAndOutput),
    app("python_signals", PYTHON, &["-c", PYTHON_SIGNALS], StatusAndOutput),
    app("sqlite", SQLITE, &["test.db", "pragma journal_mode=delete; create table t(a, b); with recursive n(i) as (select 1 union all select i+1 from n where i<20000) insert into t select i, i*i from n; create index x on t(b); select count(*), sum(b), max(a) from t; pragma integrity_check;"], StatusAndOutput),
    app("sqlite_wal", SQLITE, &["wal.db", "pragma journal_mode=wal; create table t(a); insert into t values(1),(2),(3); pragma wal_checkpoint; select sum(a) from t; vacuum; pragma integrity_check;"], StatusAndOutput),
    app("node_timers", NODE, &["-e", NODE_TIMERS], StatusAndOutput),
    app("node_fs", NODE, &["-e", NODE_FS], StatusAndOutput),
    app("node_workers", NODE, &["-e", NODE_WORKERS], StatusAndOutput),
    app("gcc_version", GCC, &["--version"], StatusAndOutput),
    app("openssl_speed", OPENSSL, &["speed", "-seconds", "1", "-bytes", "1024", "sha256"], Status),
    app("openssl_version", OPENSSL, &["version", "-a"], StatusAndOutput),
    app("openssl_digest", OPENSSL, &["dgst", "-sha512", LICENCE], StatusAndOutput),
    app("openssl_keys", OPENSSL, &["genrsa", "-out", "key.pem", "2048"], Status),
    app("git_version", GIT, &["--version"], StatusAndOutput),
    app("git_init", GIT, &["init", "-b", "main", "repository"], StatusAndOutput),
    app("git_hash_object", GIT, &["hash-object", LICENCE], StatusAndOutput),
    app("go_static", Program::Source("words.go"), &[], StatusAndOutput),
    app("rust_static", Program::Source("threads.rs"), &[], StatusAndOutput),
    app("musl_static", Program::Source("regex.c"), &[], StatusAndOutput),
    // Programs that start others.
    app("pipeline", BASH, &["-c", include_str!("apps/scripts/pipeline.sh")], StatusAndOutput),
    app("dash", DASH, &["-c", include_str!("apps/scripts/dash.sh")], StatusAndOutput),
    app("zsh", ZSH, &["-c", include_str!("apps/scripts/zsh.sh")], StatusAndOutput),
    app("make", BASH, &["-c", include_str!("apps/scripts/make.sh")], StatusAndOutput),
    app("cmake", BASH, &["-c", include_str!("apps/scripts/cmake.sh")], StatusAndOutput),
    app("git", BASH, &["-c", include_str!("apps/scripts/git.sh")], StatusAndOutput),
    app("archive", BASH, &["-c", include_str!("apps/scripts/archive.sh")], StatusAndOutput),
    app("editors", BASH, &["-c", include_str!("apps/scripts/editors.sh")], StatusAndOutput),
    app("venv", BASH, &["-c", include_str!("apps/scripts/venv.sh")], StatusAndOutput),
    App { sees: Some(env!("CARGO")), ..app("cargo", BASH, &["-c", include_str!("apps/scripts/cargo.sh"), env!("CARGO")], StatusAndOutput) },
    app("sockets", BASH, &["-c", include_str!("apps/scripts/sockets.sh")], StatusAndOutput),
    app("tmux", BASH, &["-c", include_str!("apps/scripts/tmux.sh")], StatusAndOutput),
    app("python_processes", PYTHON, &["-c", include_str!("apps/scripts/python.py")], StatusAndOutput),
    app("perl_processes", PERL, &["-e", include_str!("apps/scripts/perl.pl")], StatusAndOutput),
    app("node_processes", NODE, &["-e", include_str!("apps/scripts/node.js")], StatusAndOutput),
];

const BASH_SCRIPT: &str = r#"
declare -A squares; for i in {1..200}; do squares[$i]=$((i * i)); done; echo "${squares[200]} ${#squares[@]}"
printf '%05d %x %s\n' 42 255 "${BASH_VERSINFO[0]}"; [[ "key=value" =~ ^([a-z]+)=(.*)$ ]] && echo "${BASH_REMATCH[@]}"
for n in one two three; do echo "$n" >> list; done; mapfile -t lines < list; echo "${#lines[@]} ${lines[*]^^}"
read -r a b <<< "here string"; echo "$b $a"; cd /usr; echo *; cd "$OLDPWD"; trap 'echo bye' EXIT; umask
exec 7> out; echo seven >&7; exec 7>&-; read -r back < out; echo "$back"; test -d /usr/bin && type -t cd
"#;

const PERL_SCRIPT: &str = r#"
my %count; open my $in, '<', '/usr/share/common-licenses/GPL-3' or die; while (<$in>) { $count{lc $1}++ while /(\w+)/g }
my @top = (sort { $count{$b} <=> $count{$a} || $a cmp $b } keys %count)[0..9]; print "$_ $count{$_}\n" for @top;
open my $out, '>', 'out' or die; print $out "line $_\n" for 1..1000; close $out; print -s 'out', "\n"; rename 'out', 'new'; unlink 'new' or die;
local $SIG{ALRM} = sub { die "alarm\n" }; eval { alarm 1; select undef, undef, undef, 10; }; print "got $@"; print join(',', map { sprintf '%b', $_ } 1..8), "\n";
"#;

const PYTHON_THREADS: &str = r"
import threading, queue
q, done = queue.Queue(maxsize=10), queue.Queue()
def work():
    while (n := q.get()) is not None: done.put(n * n)
ts = [threading.Thread(target=work) for _ in range(8)]
for t in ts: t.start()
for n in range(5000): q.put(n)
for t in ts: q.put(None)
for t in ts: t.join()
print(sum(done.get() for _ in range(5000)), threading.active_count())
e = threading.Event(); threading.Timer(0.02, e.set).start(); print(e.wait(5), threading.Lock().acquire(timeout=0.01))
";

const PYTHON_JSON: &str = r"
import json, hashlib
objects = [{'id': n, 'name': f'object {n}', 'values': [n * 0.5, n % 7, None, True]} for n in range(100000)]
text = json.dumps(objects); print(len(text), hashlib.sha256(text.encode()).hexdigest(), json.loads(text) == objects)
";

const PYTHON_ASYNCIO: &str = r"
import asyncio
async def tick(n, order):
    await asyncio.sleep(0.02 * n); order.append(n)
async def main():
    order = []; await asyncio.gather(*(tick(n, order) for n in (4, 2, 5, 1, 3))); print(order)
    try: await asyncio.wait_for(asyncio.sleep(10), 0.02)
    except asyncio.TimeoutError: print('timeout')
    print(await asyncio.get_running_loop().run_in_executor(None, sum, range(1000)))
    q = asyncio.Queue(); asyncio.get_running_loop().call_later(0.01, q.put_nowait, 'later'); print(await q.get())
asyncio.run(main())
";

const PYTHON_SQLITE: &str = r"
import sqlite3, os
c = sqlite3.connect('t.db'); c.execute('create table t(a integer primary key, b text)')
with c: c.executemany('insert into t(b) values(?)', ((str(n),) for n in range(20000)))
try:
    with c: c.execute('update t set b=null'); raise ValueError
except ValueError: pass
print(c.execute('select count(b), sum(length(b)) from t').fetchone(), c.execute('pragma integrity_check').fetchone(), os.listdir('.'))
";

const PYTHON_FILES: &str = r"
import os, tempfile, shutil, mmap, pathlib, stat
d = pathlib.Path('tree'); [(d / str(n) / 'deep').mkdir(parents=True) for n in range(20)]
for n in range(20): (d / str(n) / 'deep' / 'file').write_text('x' * n)
print(sorted((str(p), p.stat().st_size) for p in d.rglob('file'))); shutil.copytree(d, 'copy'); shutil.rmtree(d); print(os.listdir('.'))
with tempfile.TemporaryFile() as f: f.write(b'abc' * 5000); f.flush(); m = mmap.mmap(f.fileno(), 0); print(m.find(b'ca', 9000), len(m))
os.symlink('copy', 'link'); os.chmod('copy', 0o700); print(os.readlink('link'), oct(os.stat('link').st_mode), sorted(os.listdir('link'))[:3])
print(len([1 for _, _, files in os.walk('/usr/lib/python3.11') for _ in files]), os.cpu_count() > 0)
";

const PYTHON_SIGNALS: &str = r"
import signal, os, select
hits = []; signal.signal(signal.SIGUSR1, lambda s, f: hits.append(s)); os.kill(os.getpid(), signal.SIGUSR1); print(hits)
signal.setitimer(signal.ITIMER_REAL, 0.02, 0.01); signal.signal(signal.SIGALRM, lambda s, f: hits.append(s))
while len(hits) < 5: signal.pause()
signal.setitimer(signal.ITIMER_REAL, 0); print(hits[:5]); r, w = os.pipe(); print(select.select([r], [w], [], 0)[1] == [w])
";

const NODE_TIMERS: &str = r"
const order = []; for (const n of [30, 10, 20]) setTimeout(() => order.push(n), n);
let ticks = 0; const t = setInterval(() => { if (++ticks === 5) { clearInterval(t); setTimeout(() => console.log(order.join(), ticks), 40); } }, 5);
setImmediate(() => console.log('immediate')); process.nextTick(() => console.log('tick')); Promise.resolve().then(() => console.log('promise'));
process.on('exit', c => console.log('exit', c));
";

const NODE_FS: &str = r"
const fs = require('fs'), path = require('path'), crypto = require('crypto');
(async () => { await fs.promises.mkdir('a/b/c', { recursive: true }); await Promise.all([...Array(50).keys()].map(n => fs.promises.writeFile(`a/b/c/${n}`, 'x'.repeat(n * 100))));
const sizes = await Promise.all((await fs.promises.readdir('a/b/c')).map(async f => (await fs.promises.stat(path.join('a/b/c', f))).size)); console.log(sizes.length, sizes.reduce((x, y) => x + y));
fs.createReadStream('/usr/share/common-licenses/GPL-3').pipe(crypto.createHash('sha256').setEncoding('hex')).on('finish', function () { console.log(this.read()); fs.rmSync('a', { recursive: true }); console.log(fs.existsSync('a')); });
try { fs.readFileSync('missing') } catch (e) { console.log(e.code) } })();
";

const NODE_WORKERS: &str = r"
const { Worker } = require('worker_threads');
const run = n => new Promise((ok, no) => new Worker(`const { parentPort, workerData } = require('worker_threads'); let s = 0; for (let i = 0; i < 1e6; i++) s += i % workerData; parentPort.postMessage(s)`, { eval: true, workerData: n }).on('message', ok).on('error', no));
Promise.all([3, 5, 7, 11].map(run)).then(r => { console.log(r.join()); const s = new Int32Array(new SharedArrayBuffer(4)); console.log(Atomics.wait(s, 0, 0, 20)); });
";

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode, String> {
    keep_descriptors_to_ourselves().map_err(|error| format!("/proc/self/fd: {error}"))?;
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(2);
    let place = Place::new(env!("CARGO_MANIFEST_DIR"), env!("CARGO_TARGET_TMPDIR"));
    let suite = Arc::new(Suite::new(place, South::User)?);
    let names: Vec<String> = APPS.iter().map(test_name).collect();
    suite.check_names("apps/", &names)?;
    let conclusion = libtest_mimic::run(&arguments, APPS.iter().map(|app| trial(&suite, app)).collect());
    println!("{}", suite.closing_line());
    Ok(conclusion.exit_code())
}

fn test_name(app: &App) -> String {
    format!("apps/{}", app.name)
}

fn trial(suite: &Arc<Suite>, app: &'static App) -> Trial {
    let suite = Arc::clone(suite);
    Trial::test(test_name(app), move || {
        let program = find(suite.place(), app.program)?;
        let argv =
            std::iter::once(program.into_os_string()).chain(app.args.iter().map(OsString::from)).collect();
        let directives = Directives::parse("")?;
        // The program's folder is within a toolchain's, all of which it needs.
        let toolchain = |program| Path::new(program).ancestors().nth(2).unwrap_or(Path::new(program));
        let flags = app.sees.iter().flat_map(|program| ["--see".into(), toolchain(program).into()]).collect();
        let checked = app.checked;
        let case = Case { name: test_name(app), argv, directives, checked, flags, timeout: TIMEOUT };
        Ok(suite.check(&case)?)
    })
}

fn find(place: &Place, program: Program) -> Result<PathBuf, String> {
    match program {
        Program::Debian(name, package) => {
            let path = Path::new("/usr/bin").join(name);
            if path.exists() { Ok(path) } else { Err(missing(&path, package)) }
        }
        Program::Source(file) => build(place, &place.tests.join("apps").join(file)),
    }
}

fn missing(path: &Path, package: &str) -> String {
    format!("{} is missing; install it: apt-get install {package}", path.display())
}

/// Compiles a source file to a static program by the compiler of its language.
fn build(place: &Place, source: &Path) -> Result<PathBuf, String> {
    let binary = place.binaries.join("apps").join(source.file_stem().unwrap_or_default());
    let language = source.extension().unwrap_or_default();
    let (mut command, install) = if language == "go" {
        let mut command = Command::new("go");
        command.env("CGO_ENABLED", "0").arg("build").arg("-o").args([&binary, source]);
        (command, "apt-get install golang-go")
    } else if language == "rs" {
        let mut command = Command::new("rustc");
        command
            .args(["--edition=2024", "-O", "-C", "target-feature=+crt-static", "-o"])
            .args([&binary, source]);
        (command, "https://rustup.rs")
    } else {
        let mut command = Command::new("musl-gcc");
        command.args(["-static", "-O2", "-o"]).args([&binary, source]).arg("-lm");
        (command, "apt-get install musl-tools")
    };
    command.current_dir(source.parent().unwrap_or(&place.tests));
    compile(&TOOLCHAIN, command, &[source], &binary, install)?;
    Ok(binary)
}

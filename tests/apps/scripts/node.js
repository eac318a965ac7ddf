const c = require('child_process');
console.log(c.execSync('echo sync | tr a-z A-Z').toString(), c.spawnSync('sh', ['-c', 'exit 3']).status, c.spawnSync('/nonexistent').error.code);
c.exec('echo async; exit 2', (e, out) => { console.log(e.code, out);
  const p = c.spawn('cat'); p.stdout.on('data', d => console.log('cat', d.toString())); p.on('close', (code, signal) => { console.log('close', code, signal);
    const s = c.spawn('sleep', ['5']); s.on('exit', (code, signal) => { console.log('exit', code, signal);
      if (process.argv[1] === undefined || !process.send) c.execFile(process.execPath, ['-e', 'console.log(1+1)'], (e, o) => console.log(o)); }); s.kill(); }); p.stdin.end('through'); });

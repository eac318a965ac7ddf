import multiprocessing, os, signal, subprocess, sys
print(subprocess.check_output(["echo", "out"]), subprocess.run("exit 3", shell=True).returncode)
p = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE); print(p.communicate(b"through"), p.returncode)
try: subprocess.run(["/nonexistent"])
except FileNotFoundError as e: print(e)
try: subprocess.run(["sleep", "5"], timeout=0.1)
except subprocess.TimeoutExpired: print("timeout")
p = subprocess.Popen(["sleep", "5"]); p.send_signal(signal.SIGTERM); print(p.wait())
print(subprocess.run("cat | tr a-z A-Z | rev", shell=True, input=b"abc", capture_output=True).stdout, os.popen("echo popen").read(), os.system("exit 4") >> 8)
def square(x): return x * x
def put(q, x): q.put(x)
r, w = os.pipe(); pid = os.fork()
if pid == 0: os.write(w, b"child"); os._exit(9)
print(os.read(r, 9), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
with multiprocessing.Pool(3) as pool: print(pool.map(square, range(20)), pool.apply_async(square, (7,)).get())
q = multiprocessing.Queue(); ps = [multiprocessing.Process(target=put, args=(q, i)) for i in range(4)]; [p.start() for p in ps]; print(sorted(q.get() for _ in ps)); [p.join() for p in ps]
v, l = multiprocessing.Value("i", 0), multiprocessing.Lock()
def add():
    for _ in range(500):
        with l: v.value += 1
ps = [multiprocessing.Process(target=add) for _ in range(3)]; [p.start() for p in ps]; [p.join() for p in ps]; print(v.value, [p.exitcode for p in ps])
from concurrent.futures import ProcessPoolExecutor
with ProcessPoolExecutor(2) as e: print(sum(e.map(square, range(50))))

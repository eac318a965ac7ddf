export HOME=$PWD TMPDIR=$PWD
cat > methods.py <<'END'
import multiprocessing, os, socket, sys, threading
from multiprocessing.connection import Client, Listener
def square(x): return x * x
def tell(shared, pipe, n):
    shared[n] = n * 10
    pipe.send(n)
if __name__ == "__main__":
    for method in ("fork", "forkserver", "spawn"):
        context = multiprocessing.get_context(method)
        with context.Pool(2) as pool: print(method, pool.map(square, range(5)))
        with context.Manager() as manager:
            shared, (near, far) = manager.dict(), context.Pipe()
            ps = [context.Process(target=tell, args=(shared, far, n)) for n in range(3)]
            [p.start() for p in ps]; print(sorted(near.recv() for _ in ps)); [p.join() for p in ps]
            print(sorted(shared.items()), [p.exitcode for p in ps])
    with Listener(family="AF_UNIX") as listener:
        def call():
            with Client(listener.address, authkey=b"key") as client: client.send("hello")
        listener._authkey = b"key"; thread = threading.Thread(target=call); thread.start()
        with listener.accept() as connection: print(connection.recv())
        thread.join()
    near, far = socket.socketpair(); r, w = os.pipe(); socket.send_fds(near, [b"fd"], [w]); os.close(w)
    text, fds, flags, _ = socket.recv_fds(far, 9, 3); os.write(fds[0], b"through"); print(text, len(fds), os.read(r, 9))
END
python3 methods.py
eval "$(ssh-agent -a $PWD/agent)" > /dev/null; ssh-add -l; echo $?; ssh-keygen -q -t ed25519 -N '' -C test -f key; ssh-add -q key; ssh-add -l | cut -d' ' -f1,3-; ssh-agent -k > /dev/null; echo $?
perl -MIO::Socket::UNIX -e '$| = 1; my $s = IO::Socket::UNIX->new(Type => SOCK_STREAM, Local => "perl", Listen => 3) or die $!;
if (!fork) { my $c = IO::Socket::UNIX->new(Type => SOCK_STREAM, Peer => "perl") or die $!; print $c "question\n"; print scalar <$c>; exit 3 }
my $c = $s->accept; print scalar <$c>; print $c "answer\n"; wait; print $? >> 8, "\n"'

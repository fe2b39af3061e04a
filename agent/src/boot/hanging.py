"""Processes of a user whose reads in /proc wait for his FUSE servers, which do not answer."""

# A file system in mounts of its own. It ends with its server.
SERVER = r"""
import ctypes, stat, struct, threading
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p

def serve(fd, kind):
    reads = 0
    def attributes(node):
        mode, size = (stat.S_IFDIR | 0o755, 0) if node == 1 else (stat.S_IFREG | 0o755, 8192)
        return struct.pack('<6Q9I4x', node, size, 0, 0, 0, 0, 0, 0, 0, mode, 1, 0, 0, 0, 4096)
    while True:
        length, op, unique, node = struct.unpack_from('<IIQQ', os.read(fd, 1 << 17))
        reads += op == 15
        # No answer to FLUSH of the one, and to the second READ of the others: the kernel repeats it under the lock.
        if op in (2, 36, 42) or kind == 'frozen' and op == 25 or kind != 'frozen' and reads > 1: continue
        answers = {26: struct.pack('<IIIIHHIIHHI28x', 7, 31, 65536, 0, 0, 0, 65536, 1, 0, 0, 0),
                   1: struct.pack('<5Q', 2, 0, 0, 0, 0) + attributes(2), 3: struct.pack('<2Q', 0, 0) + attributes(node),
                   14: struct.pack('<QII', 1, 0, 0), 27: struct.pack('<QII', 1, 0, 0), 18: b'', 25: b'', 29: b''}
        data, error = answers.get(op, b''), 0 if op in answers else -5 if op == 15 else -38
        os.write(fd, struct.pack('<IiQ', 16 + len(data), error, unique) + data)

def mounted(kind, folder):
    uid, gid = os.getuid(), os.getgid()
    os.makedirs(folder, exist_ok=True)
    assert not libc.unshare(0x10020000), os.strerror(ctypes.get_errno())
    for name, text in (('setgroups', 'deny'), ('uid_map', '0 %d 1' % uid), ('gid_map', '0 %d 1' % gid)):
        with open('/proc/self/' + name, 'w') as file: file.write(text)
    assert not libc.mount(None, b'/', None, (1 << 14) | (1 << 18), None), os.strerror(ctypes.get_errno())
    fd = os.open('/var/tmp/fuse', os.O_RDWR)
    options = b'fd=%d,rootmode=40000,user_id=0,group_id=0' % fd
    assert not libc.mount(b'fuse', folder.encode(), b'fuse', 0, options), os.strerror(ctypes.get_errno())
    threading.Thread(target=serve, args=(fd, kind), daemon=True).start()
    return fd

def page_of(file):
    page = ctypes.c_void_p(libc.mmap(None, 4096, 1, 2, file, 0))
    assert not libc.madvise(page, 4096, 1)
    return page

def lock(page, *before):
    byte = ctypes.create_string_buffer(1)
    for work in (*before, lambda: libc.memcpy(byte, page, 1), lambda: libc.mmap(None, 4096, 3, 0x22, -1, 0)):
        threading.Thread(target=work, daemon=True).start()
        time.sleep(1)
    time.sleep(600)
"""

# Each has a listener: one hangs in execve, one holds the lock of its memory, and a child of that one hangs in execve because it
# shares the memory.
HANGING = SERVER + r"""
ports = {'frozen': 6121, 'locked': 6122}

def frozen(file):
    os.execv('/usr/bin/sleep', ['sleep', '600'])

def locked(file):
    page = page_of(file)
    # The child shares the memory (CLONE_VM in posix_spawn) and waits until the server opens the FIFO.
    actions = ctypes.create_string_buffer(256)
    libc.posix_spawn_file_actions_init(actions)
    libc.posix_spawn_file_actions_addopen(actions, 0, b'/var/tmp/hanging-fifo', os.O_RDONLY, 0)
    words, child = (ctypes.c_char_p * 2)(b'cat', None), ctypes.c_int()
    lock(page, lambda: libc.posix_spawn(ctypes.byref(child), b'/usr/bin/cat', actions, None, words, None))

os.mkfifo('/var/tmp/hanging-fifo')
for kind, hang in (('frozen', frozen), ('locked', locked)):
    if os.fork() == 0:
        folder = '/var/tmp/hanging-' + kind
        fd = mounted(kind, folder)
        if os.fork() == 0:
            os.close(fd)
            s = socket.socket(); s.bind(('127.0.0.1', ports[kind])); s.listen(1)
            s.set_inheritable(True)
            hang(os.open(folder + '/file', os.O_RDONLY))
        time.sleep(4)
        if kind == 'locked': fifo = os.open('/var/tmp/hanging-fifo', os.O_WRONLY)
        time.sleep(600); os._exit(0)
time.sleep(5)
"""

# One that calls listen and hangs in execve at once, so that the read of its event waits: code of x86-64 in memory that it shares
# with a process which locks that memory, as nothing of python runs there then. It prints the number of the one that hangs.
LISTENING = SERVER + r"""
folder = '/var/tmp/hanging-listening'
ready, go = os.pipe()
fuse = mounted('listening', folder)
if os.fork() == 0:
    os.close(fuse)
    page = page_of(os.open(folder + '/file', os.O_RDONLY))
    s = socket.socket(); s.bind(('127.0.0.1', 6129))
    memory = libc.mmap(None, 1 << 16, 7, 0x22, -1, 0)
    def put(at, data):
        ctypes.memmove(memory + at, data, len(data))
        return memory + at
    def call(*numbers):
        registers = (b'H\xb8', b'H\xbf', b'H\xbe', b'H\xba')
        return b''.join(name + struct.pack('<Q', number) for name, number in zip(registers, numbers)) + b'\x0f\x05'
    byte, none, path = put(8192, bytes(8)), put(8200, bytes(8)), put(8300, b'/usr/bin/true\0')
    words = put(8400, struct.pack('<QQ', path, 0))
    # read(2), listen(2), execve(2)
    put(0, call(0, ready, byte, 1) + call(50, s.fileno(), 3, 0) + call(59, path, words, none))
    print(libc.clone(ctypes.c_void_p(memory), ctypes.c_void_p(memory + (1 << 15)), 0x100 | 17, None), flush=True)
    lock(page)
time.sleep(4)
os.write(go, b'.')
"""

package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.system.Requirement;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A FUSE file system, in mounts of its own, with the file {@code server}: a copy of python, which
 * listens. It ends with its process.
 */
public final class FuseMount {

  private static final String SERVE =
      """
      import stat, struct, threading
      MS_REC_PRIVATE = (1 << 14) | (1 << 18)
      answers, reads, frozen = [True], [], []
      def serve(fd, name, content):
          # Answers as a FUSE server (linux/fuse.h) with one file in its root.
          def attributes(node):
              mode, size = (stat.S_IFDIR | 0o755, 0) if node == 1 else (stat.S_IFREG | 0o755, len(content))
              return struct.pack('<6Q9I4x', node, size, 0, 0, 0, 0, 0, 0, 0, mode, 1, 0, 0, 0, 4096)
          def answer(op, node, body):
              if op == 26: return struct.pack('<IIIIHHIIHHI28x', 7, 31, 65536, 0, 0, 0, 65536, 1, 0, 0, 0)
              if op == 1: return struct.pack('<5QII', 2, 0, 0, 0, 0, 0, 0)[:40] + attributes(2) if body.rstrip(b'\\0') == name else -2
              if op == 3: return struct.pack('<QII', 0, 0, 0) + attributes(node)
              if op in (14, 27): return struct.pack('<QII', 1, 0, 0)
              if op == 15:
                  at, size = struct.unpack_from('<8xQI', body)
                  return content[at:at + size]
              if op in (18, 29): return b''
              return -38
          while True:
              try: request = os.read(fd, 1 << 17)
              except OSError: return
              length, op, unique, node = struct.unpack_from('<IIQQ', request)
              if op == 25 and frozen: continue
              if op in (2, 42) or not answers[0] and op not in (18, 25): continue
              reply = answer(op, node, request[40:])
              if op == 15 and reads and len(reads) == 1: continue
              if op == 15 and reads: reply = reads.pop()
              error, data = (reply, b'') if isinstance(reply, int) else (0, reply)
              os.write(fd, struct.pack('<IiQ', 16 + len(data), error, unique) + data)
      def mount(device, folder, name, options, user):
          fd = os.open(device, os.O_RDWR)
          content = open('/usr/bin/python3', 'rb').read()
          wanted = 'fd=%d,rootmode=40000,user_id=%d,group_id=%d%s' % (fd, user, user, options)
          if libc.mount(b'fuse', folder.encode(), b'fuse', 0, wanted.encode()): raise OSError(ctypes.get_errno(), 'mount')
          threading.Thread(target=serve, args=(fd, name, content), daemon=True).start()
          return fd
      """;

  private static final String LISTEN =
      """
      code = 'import socket, sys; s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen();'
      code += ' print(s.getsockname()[1], flush=True); sys.stdin.read()'
      # Not by subprocess, whose vfork(2) would wait for the thread that serves the program.
      child = os.fork()
      if child == 0: os.execv('FOLDER/server', ['server', '-c', code])
      os.waitpid(child, 0)
      """;

  /** Its holder is another process than its server, so that both can end. */
  private static final String HOLD =
      """
      ours, theirs = socket.socketpair()
      holder = os.fork()
      if holder:
          ours.recv(1)
          answers[0] = False
          ours.send(b'.')
          os.waitpid(holder, 0)
          os._exit(0)
      os.close(fuse)
      file = os.open('FOLDER/server', os.O_RDONLY)
      theirs.send(b'.')
      theirs.recv(1)
      """;

  /** Maps a page of the file without reading ahead (MADV_RANDOM), which takes no lock. */
  private static final String MAPPED_PAGE =
      """
      libc.prctl(1, signal.SIGKILL)
      os.close(fuse)
      libc.mmap.restype = ctypes.c_void_p
      page = ctypes.c_void_p(libc.mmap(None, 4096, 1, 2, os.open('FOLDER/server', os.O_RDONLY), 0))
      assert not libc.madvise(page, 4096, 1)
      byte = ctypes.create_string_buffer(1)
      """;

  /**
   * Waits until so many threads of a process wait in the kernel and nothing interrupts them. That
   * of mmap(2) does when another one holds the lock, and that of posix_spawn(3) until the execve.
   */
  private static final String AWAIT_LOCK =
      """
      def waiting(pid):
          tasks = '/proc/%d/task/' % pid
          states = [open(tasks + task + '/stat').read().rsplit(')', 1)[1].split()[0] for task in os.listdir(tasks)]
          return states.count('D')
      def await_lock(pid, threads):
          threading.Event().wait(3)
          while waiting(pid) < threads: threading.Event().wait(0.1)
      """;

  /** One thread touches the page, and another one waits in mmap(2). */
  private static final String LOCKED_MEMORY =
      """
      threading.Thread(target=lambda: libc.memcpy(byte, page, 1), daemon=True).start()
      threading.Event().wait(1)
      threading.Thread(target=lambda: libc.mmap(None, 4096, 3, 0x22, -1, 0), daemon=True).start()
      sys.stdin.read()
      os._exit(0)
      """;

  /**
   * Locks its memory: the kernel repeats a page fault after an error (EIO), and keeps the lock then
   * (filemap_fault in mm/filemap.c). A thread that waits in mmap(2) keeps every reader out.
   */
  private static final String LOCK =
      """
      reads.extend([None, -5])
      if os.fork():
          os.wait()
          os._exit(0)
      """
          + MAPPED_PAGE
          + """
      s = tcp()
      print(s.getsockname()[1], os.getpid(), flush=True)
      """
          + LOCKED_MEMORY;

  /** Its execve(2) closes a file (FUSE_FLUSH), and ends with the server. */
  private static final String FREEZE =
      """
      frozen.append(True)
      if os.fork():
          os.wait()
          os._exit(0)
      libc.prctl(1, signal.SIGKILL)
      os.close(fuse)
      s = tcp()
      s.set_inheritable(True)
      file = os.open('FOLDER/server', os.O_RDONLY)
      print(s.getsockname()[1], os.getpid(), flush=True)
      os.execv('/usr/bin/sleep', ['sleep', '600'])
      """;

  /**
   * Locks its memory too; a child that shares it (posix_spawn(3)) executes another program then,
   * and waits for the lock in exec_mmap, with the code that it had before. It ends with the FIFO.
   */
  private static final String SHARE =
      AWAIT_LOCK
          + """
      reads.extend([None, -5])
      locks = os.fork()
      if locks:
          await_lock(locks, 2)
          fifo = os.open('FOLDER-fifo', os.O_WRONLY)
          os.wait()
          os._exit(0)
      """
          + MAPPED_PAGE
          + """
      s = tcp()
      s.set_inheritable(True)
      actions = ctypes.create_string_buffer(256)
      assert not libc.posix_spawn_file_actions_init(actions)
      assert not libc.posix_spawn_file_actions_addopen(actions, 0, b'FOLDER-fifo', os.O_RDONLY, 0)
      words, child = (ctypes.c_char_p * 2)(b'cat', None), ctypes.c_int()
      spawn = lambda: libc.posix_spawn(ctypes.byref(child), b'/usr/bin/cat', actions, None, words, None)
      threading.Thread(target=spawn, daemon=True).start()
      children = []
      while not children:
          children = [pid for task in os.listdir('/proc/self/task') for pid in open('/proc/self/task/%s/children' % task).read().split()]
      print(s.getsockname()[1], children[0], flush=True)
      """
          + LOCKED_MEMORY;

  /**
   * The same, by a child that calls listen(2) first: code of x86-64 in the shared memory, since
   * nothing of python runs while that is locked.
   */
  private static final String LISTEN_AND_SHARE =
      AWAIT_LOCK
          + """
      reads.extend([None, -5])
      ready, go = os.pipe()
      locks = os.fork()
      if locks:
          await_lock(locks, 1)
          os.write(go, b'.')
          os.wait()
          os._exit(0)
      """
          + MAPPED_PAGE
          + """
      s = socket.socket()
      s.bind(('127.0.0.1', 0))
      memory = libc.mmap(None, 1 << 16, 7, 0x22, -1, 0)
      def put(at, data):
          ctypes.memmove(memory + at, data, len(data))
          return memory + at
      def call(*numbers):
          registers = (b'H\\xb8', b'H\\xbf', b'H\\xbe', b'H\\xba')
          return b''.join(name + struct.pack('<Q', number) for name, number in zip(registers, numbers)) + b'\\x0f\\x05'
      byte_read, none = put(8192, bytes(8)), put(8200, bytes(8))
      path = put(8300, b'/usr/bin/true\\0')
      words = put(8400, struct.pack('<QQ', path, 0))
      put(0, call(0, ready, byte_read, 1) + call(50, s.fileno(), 3, 0) + call(59, path, words, none))
      child = libc.clone(ctypes.c_void_p(memory), ctypes.c_void_p(memory + (1 << 15)), 0x100 | signal.SIGCHLD, None)
      print(s.getsockname()[1], child, flush=True)
      """
          + LOCKED_MEMORY;

  private static final String BECOME_NOBODY =
      """
      os.setgroups([]); os.setgid(65534); os.setuid(65534)
      libc.prctl(4, 1); libc.prctl(1, signal.SIGKILL)
      assert not libc.unshare(0x10020000)
      for name, text in (('setgroups', 'deny'), ('uid_map', '0 65534 1'), ('gid_map', '0 65534 1')):
          with open('/proc/self/' + name, 'w') as map: map.write(text)
      """;

  private static final String OF_ROOT = "assert not libc.unshare(0x20000)\n";

  private static final String AS_NOBODY =
      "os.setgroups([]); os.setresgid(65534, 65534, 65534); os.setresuid(65534, 65534, 65534)\n";

  private static final String OWN_MOUNTS =
      "assert not libc.mount(None, b'/', None, MS_REC_PRIVATE, None)\n";

  private FuseMount() {}

  /** Made by user 65534 with the help of a user namespace, so only he can read it. */
  static PythonProcess ofNobody(Path folder, Path over) throws Exception {
    return run(folder, over, BECOME_NOBODY, 0, "", LISTEN);
  }

  /**
   * Mounted for user 65534, as fusermount3(1) does for its users. His second process holds its
   * {@code file}, and his first one answers no question about it any more. A file system that he
   * mounts in a user namespace cannot be asked by other users at all (fuse_get_req in
   * fs/fuse/dev.c).
   *
   * @param then what the second process does next
   */
  public static PythonProcess thatHangs(Path folder, Path over, String then) throws Exception {
    return run(folder, over, OF_ROOT, 65_534, "", AS_NOBODY + HOLD + then);
  }

  /**
   * The same; a process that listens locks its own memory, so that its arguments cannot be read.
   */
  static PythonProcess ofNobodyThatLocks(Path folder, Path over) throws Exception {
    return run(folder, over, BECOME_NOBODY, 0, "", LOCK);
  }

  /** The same; a process that listens hangs while it executes another program. */
  static PythonProcess ofNobodyThatFreezes(Path folder, Path over) throws Exception {
    return run(folder, over, BECOME_NOBODY, 0, "", FREEZE);
  }

  /** The same; a process that listens shares its locked memory with one that hangs in execve(2). */
  static PythonProcess ofNobodyThatShares(Path folder, Path over) throws Exception {
    LiveOwner.run("mkfifo", "-m", "666", over + "-fifo");
    return run(folder, over, BECOME_NOBODY, 0, "", SHARE);
  }

  /** The same, but the one that hangs has called listen(2) a moment earlier. */
  static PythonProcess ofNobodyThatListensAndShares(Path folder, Path over) throws Exception {
    return run(folder, over, BECOME_NOBODY, 0, "", LISTEN_AND_SHARE);
  }

  /** Made by root and open to everybody. */
  static PythonProcess ofRootForAll(Path folder, Path over) throws Exception {
    return run(folder, over, OF_ROOT, 0, ",allow_other", LISTEN);
  }

  private static PythonProcess run(
      Path folder, Path over, String before, int user, String options, String then)
      throws Exception {
    Requirement.that(Files.exists(Path.of("/sys/fs/fuse")), "FUSE in the kernel");
    Path device = folder.resolve("fuse");
    LiveOwner.run("mknod", "-m", "666", device.toString(), "c", "10", "229");
    String mount =
        "fuse = mount('%s', '%s', b'server', '%s', %d)\n".formatted(device, over, options, user);
    String held = then.replace("FOLDER", over.toString());
    return PythonProcess.run(SERVE + before + OWN_MOUNTS + mount + held);
  }
}

package io.portcurfew.observe.linux;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Three network namespaces full of listeners: of every family, of every way to share one, and in a
 * namespace that no process is in. What was opened is reported by those who opened it.
 */
final class Scene {

  /** File names as bytes of Python, and how they are shown. */
  static final Map<String, String> HOSTILE_NAMES = hostileNames();

  private static final String OPENERS =
      """
      import subprocess
      STREAM, DATAGRAM, V4, V6 = socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.AF_INET, socket.AF_INET6
      reported = []
      def opened(kind, address, port=0, only=None, device=None, reuse=0):
          s = socket.socket(V6 if ':' in address else V4, kind)
          s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, reuse)
          if only is not None: s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, only)
          if device: s.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device)
          s.bind((address, port))
          if kind == STREAM: s.listen(3)
          return s
      def line(s, *pids):
          device = s.getsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, 16).strip(b'\\0').decode()
          address, port = s.getsockname()[:2]
          only = s.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY) if s.family == V6 else '-'
          words = ('tcp' if s.type == STREAM else 'udp', address + ('%' + device if device else ''),
                   port, only, os.fstat(s.fileno()).st_ino) + pids
          return ' '.join(map(str, words))
      kept = []
      def report(s, *pids):
          kept.append(s)
          reported.append(line(s, *(pids or (os.getpid(),))))
      def ready_with(lines):
          ready('\\n'.join([str(len(lines))] + lines))
      """;

  private static final String FAMILIES =
      """
      for kind in (STREAM, DATAGRAM):
          report(opened(kind, '0.0.0.0', 611))
          for address in ('127.0.0.1', '0.0.0.0', '127.9.8.7', '::1', '::ffff:127.0.0.1'):
              report(opened(kind, address))
          for only in (0, 1):
              report(opened(kind, '::', only=only))
          for address in ('127.0.0.1', '0.0.0.0', '::1', '::'):
              report(opened(kind, address, device=b'lo'))
      # What takes no traffic of strangers: bound, connected, accepted, closed.
      bound = socket.socket(); bound.bind(('127.0.0.1', 0))
      client = socket.create_connection(kept[1].getsockname())
      accepted = kept[1].accept()
      udp = opened(DATAGRAM, '127.0.0.1'); udp.connect(('127.0.0.1', 9))
      opened(STREAM, '127.0.0.1').close()
      ready_with(reported)
      """;

  private static final String SHARED =
      """
      if len(sys.argv) > 1:
          s = opened(STREAM, '127.0.0.1')
          print(line(s, os.getpid()), flush=True)
          signal.pause()
      code = open('/proc/self/cmdline').read().split(chr(0))[2]
      programs = []
      def served_by(path, **more):
          program = subprocess.Popen([path, '-c', code, 'x'], stdout=subprocess.PIPE, **more)
          reported.append(program.stdout.readline().decode().strip())
          programs.append(str(program.pid))
      folder = os.fsencode('FOLDER')
      python = open('/proc/self/exe', 'rb').read()
      def copy(name):
          path = os.path.join(folder, name)
          with open(path, 'wb') as file: file.write(python)
          os.chmod(path, 0o755)
          return path
      first = copy(b'first')
      for name in NAMES:
          path = os.path.join(folder, name)
          os.link(first, path)
          served_by(path)
      removed = copy(b'removed')
      served_by(removed)
      os.unlink(removed)
      memory = os.memfd_create('server')
      os.sendfile(memory, os.open('/proc/self/exe', os.O_RDONLY), 0, 1 << 30)
      served_by('python3', executable='/proc/self/fd/%d' % memory, pass_fds=[memory])

      def child(work):
          ours, theirs = os.pipe()
          pid = os.fork()
          if pid == 0:
              os.write(theirs, '\\n'.join(work()).encode())
              os.close(theirs)
              signal.pause()
          os.close(theirs)
          reported.extend(open(ours).read().split('\\n'))
      def member():
          for kind in (STREAM, DATAGRAM):
              for address in ('127.0.0.1', '::'):
                  report(opened(kind, address, 700, reuse=1))
          return reported[-4:]
      for i in range(3): child(member)

      inherited = [opened(kind, '127.0.0.1') for kind in (STREAM, DATAGRAM)]
      heir = os.fork()
      if heir == 0: signal.pause()
      for s in inherited: report(s, os.getpid(), heir)
      passed = opened(STREAM, '127.0.0.1', 611)
      other = subprocess.Popen(['/bin/sleep', '600'], pass_fds=[passed.fileno()])
      report(passed, os.getpid(), other.pid)
      twice = opened(STREAM, '127.0.0.1'); report(twice); again = twice.dup()
      ready_with([' '.join(programs)] + reported)
      """;

  private static final String LEFT =
      """
      home = os.open('/proc/self/ns/net', os.O_RDONLY)
      def enter(fd):
          if libc.setns(fd, 0x40000000): raise OSError('setns')
      enter(os.open('/run/netns/NAME', os.O_RDONLY))
      for kind in (STREAM, DATAGRAM):
          for address in ('0.0.0.0', '::1'): report(opened(kind, address, 611))
      enter(home)
      ready_with(reported)
      """;

  private final List<InNamespace> namespaces = new ArrayList<>();
  private final List<PythonProcess> programs = new ArrayList<>();
  private final Map<InNamespace, List<Opened>> reported = new LinkedHashMap<>();
  private final List<Integer> servers = new ArrayList<>();

  private Scene() {}

  private void open(Path folder) throws Exception {
    InNamespace families = namespace("families");
    take(families, run(families.python(OPENERS + FAMILIES)));
    InNamespace shared = namespace("shared");
    String names = "[" + String.join(", ", HOSTILE_NAMES.keySet()) + "]";
    String script = SHARED.replace("FOLDER", folder.toString()).replace("NAMES", names);
    List<String> lines = run(shared.python(OPENERS + script));
    for (String pid : lines.get(0).split(" ", -1)) {
      servers.add(Integer.valueOf(pid));
    }
    take(shared, lines.subList(1, lines.size()));
    InNamespace left = namespace("left");
    take(left, run(PythonProcess.run(OPENERS + LEFT.replace("NAME", left.name()))));
  }

  static Scene in(Path folder) throws Exception {
    Scene scene = new Scene();
    try {
      scene.open(folder);
      return scene;
    } catch (Exception | Error e) {
      scene.remove();
      throw e;
    }
  }

  private static Map<String, String> hostileNames() {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("b'x\\ny'", "x\\x0ay");
    names.put("b') S 1 1 1 1 1'", ") S 1 1 1 1 1");
    names.put("b'\\xff\\xfe\\x80bad'", "\\xff\\xfe\\x80bad");
    names.put("b'\\x1b[2Kclean'", "\\x1b[2Kclean");
    names.put("b'\",pid=1,fd=3),('", "\",pid=1,fd=3),(");
    names.put("b'n' * 255", "n".repeat(255));
    names.put("b'\\xe2\\x80\\xaefdp.py'", "\\xe2\\x80\\xaefdp.py");
    names.put("b' -rf'", " -rf");
    names.put("b'kept (deleted)'", "kept (deleted)");
    return names;
  }

  private InNamespace namespace(String suffix) throws Exception {
    InNamespace namespace = new InNamespace(suffix);
    namespaces.add(namespace);
    return namespace;
  }

  private List<String> run(PythonProcess program) throws IOException {
    programs.add(program);
    return program.lines();
  }

  private void take(InNamespace namespace, List<String> lines) {
    reported.put(namespace, lines.stream().map(Opened::of).toList());
  }

  /** The sockets that were opened in each namespace. */
  Map<InNamespace, List<Opened>> reported() {
    return reported;
  }

  /**
   * Processes with a listener each: those of the {@link #HOSTILE_NAMES} in their order, one whose
   * file was removed, and one that was never a file.
   */
  List<Integer> servers() {
    return servers;
  }

  void remove() throws Exception {
    programs.forEach(PythonProcess::close);
    for (InNamespace namespace : namespaces) {
      namespace.remove();
    }
  }
}

package io.portcurfew.systemd;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;

/** Receives messages as systemd does, with Python: the JDK has no Unix datagram sockets. */
final class NotifySocket implements AutoCloseable {

  private static final String LISTEN =
      """
      import socket, sys
      s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      name = sys.argv[1]
      s.bind('\\0' + name[1:] if name.startswith('@') else name)
      print('bound', flush=True)
      while True:
          print(repr(s.recv(65536).decode()), flush=True)
      """;

  private final Process process;
  private final BufferedReader lines;

  private NotifySocket(Process process) {
    this.process = process;
    this.lines = process.inputReader();
  }

  static NotifySocket at(String name) throws IOException {
    Process process =
        new ProcessBuilder("python3", "-c", LISTEN, name)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    NotifySocket socket = new NotifySocket(process);
    if (!"bound".equals(socket.lines.readLine())) {
      throw new IOException("it does not listen at " + name);
    }
    return socket;
  }

  static NotifySocket at(Path file) throws IOException {
    return at(file.toString());
  }

  /** The next message in Python's string notation. */
  String next() throws IOException {
    String line = lines.readLine();
    if (line == null) {
      throw new IOException("the listener has ended");
    }
    return line.substring(1, line.length() - 1);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

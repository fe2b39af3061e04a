package io.portcurfew.observe.linux;

import io.portcurfew.system.ProcessEnd;
import io.portcurfew.system.Requirement;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A python that opens sockets, prints one line when it is ready, and lives until it is closed. */
public final class PythonProcess implements AutoCloseable {

  public static final Path PYTHON = Path.of("/usr/bin/python3");

  private static final String PRELUDE =
      """
      import ctypes, os, signal, socket, sys
      libc = ctypes.CDLL(None)
      libc.prctl(1, signal.SIGKILL)
      def tcp(address='127.0.0.1', port=0, family=socket.AF_INET, reuse=False):
          s = socket.socket(family)
          s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, int(reuse))
          s.bind((address, port))
          s.listen(3)
          return s
      def ready(*words):
          print(*words, flush=True)
          sys.stdin.read()
      """;

  private final Process process;
  private final BufferedReader out;
  private final String firstLine;

  private PythonProcess(List<String> command) throws IOException {
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    firstLine = line();
    if (firstLine.equals("null")) {
      ProcessEnd.kill(process);
      throw new IOException("the script has ended");
    }
  }

  public static PythonProcess run(String script) throws IOException {
    return run(List.of(PYTHON.toString()), script);
  }

  /** Runs the script by another command, such as a copy of python or one in a namespace. */
  public static PythonProcess run(List<String> command, String script) throws IOException {
    Requirement.that(Files.isExecutable(PYTHON), "the program python3");
    List<String> whole = new ArrayList<>(command);
    whole.addAll(List.of("-c", PRELUDE + script));
    return new PythonProcess(whole);
  }

  /** Runs a script of its own, which prints one line when it is ready. */
  public static PythonProcess runFile(List<String> command) throws IOException {
    Requirement.that(Files.isExecutable(PYTHON), "the program python3");
    return new PythonProcess(command);
  }

  public int pid() {
    return (int) process.pid();
  }

  String firstLine() {
    return firstLine;
  }

  /** A number of its first line. */
  public int word(int index) {
    return Integer.parseInt(firstLine.split(" ", -1)[index]);
  }

  /** All numbers of its first line. */
  Set<Long> words() {
    return Arrays.stream(firstLine.split(" ", -1)).map(Long::valueOf).collect(Collectors.toSet());
  }

  /** Its next line. */
  public String line() throws IOException {
    return String.valueOf(out.readLine());
  }

  /** As many lines as the number on its first line says. */
  List<String> lines() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int left = word(0); left > 0; left--) {
      lines.add(line());
    }
    return lines;
  }

  /** Writes a line to it. */
  public void send(String line) throws IOException {
    process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  /** Lets it go on: its next line is printed after this. */
  public String proceed() throws IOException {
    process.getOutputStream().close();
    return line();
  }

  @Override
  public void close() {
    ProcessEnd.kill(process);
  }
}

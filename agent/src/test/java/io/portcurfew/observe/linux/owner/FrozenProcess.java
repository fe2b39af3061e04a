package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.system.Daemon;
import io.portcurfew.system.ProcessEnd;
import io.portcurfew.system.Requirement;
import io.portcurfew.system.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * A process of user 65534 with a listener, whose execve(2) hangs and ends with its FUSE server;
 * nothing else ends it. Some kernels (tried: 6.18) let every read of its links wait for that.
 */
public final class FrozenProcess implements AutoCloseable {

  private final PythonProcess server;

  private FrozenProcess(PythonProcess server) {
    this.server = server;
  }

  /** Starts one that hangs soon, without code. */
  static FrozenProcess in(Path folder) throws Exception {
    return new FrozenProcess(FuseMount.ofNobodyThatFreezes(folder, mounted(folder)));
  }

  /** Starts one that hangs some seconds later, with the memory and the code of its parent. */
  public static FrozenProcess withMemoryOfItsParent(Path folder) throws Exception {
    return new FrozenProcess(FuseMount.ofNobodyThatShares(folder, mounted(folder)));
  }

  /** Starts one that calls listen(2) some seconds later and hangs at once. Of x86-64. */
  public static FrozenProcess afterListen(Path folder) throws Exception {
    Requirement.that(System.getProperty("os.arch", "").equals("amd64"), "a processor of x86-64");
    return new FrozenProcess(FuseMount.ofNobodyThatListensAndShares(folder, mounted(folder)));
  }

  private static Path mounted(Path folder) throws Exception {
    LiveOwner.run("chmod", "755", folder.toString());
    return Files.createDirectory(folder.resolve("mounted"));
  }

  /** Returns the port that it listens on. */
  public int port() {
    return server.word(0);
  }

  /** Returns true if a read of a link of it does not end, within a minute. */
  public boolean hangs() throws Exception {
    return hangs("readlink /proc/" + server.word(1) + "/exe");
  }

  /** A command that takes milliseconds hangs if it has not ended after some seconds. */
  static boolean hangs(String command) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (System.nanoTime() - end < 0) {
      String tried = "timeout -s KILL 5 " + command + " >/dev/null; test $? = 137";
      if (Tool.run("sh", "-c", tried).status() == 0) {
        return true;
      }
      Thread.sleep(100);
    }
    return false;
  }

  void awaitExecve() throws Exception {
    ProcFs proc = new ProcFs(Path.of("/"));
    Daemon.until("it calls execve", () -> proc.isExecuting(server.word(1)));
  }

  /** Runs what may hang and cannot be interrupted, so on a thread of its own. */
  static <T> T inTime(Callable<T> work) throws Exception {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task, "look");
    thread.setDaemon(true);
    thread.start();
    return task.get(60, TimeUnit.SECONDS);
  }

  /** The execve of the process ends with the server. */
  @Override
  public void close() {
    server.close();
    ProcessEnd.await(server.word(1));
  }
}

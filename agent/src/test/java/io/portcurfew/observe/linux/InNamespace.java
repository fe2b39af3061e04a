package io.portcurfew.observe.linux;

import com.sun.jna.Native;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.system.Requirement;
import io.portcurfew.system.Tool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

/** A network namespace of the test's own, which threads of the test enter. */
public final class InNamespace {

  private static final String IP = "/usr/sbin/ip";
  private static final int CLONE_NEWNET = 0x40000000;

  private static final AtomicInteger CREATED = new AtomicInteger();

  private final String name;

  /** Makes one with a name of its own: that of a test that failed may still be there. */
  public InNamespace(String suffix) throws Exception {
    Requirement.root();
    name = "pcsweep-" + ProcessHandle.current().pid() + "-" + suffix + CREATED.incrementAndGet();
    ip("netns", "add", name);
    ip("-n", name, "link", "set", "lo", "up");
  }

  private static void ip(String... words) throws Exception {
    Tool.Result result = Tool.run("ip", words);
    if (result.status() != 0) {
      throw new AssertionError(result.output());
    }
  }

  /** Its name under /run/netns. */
  public String name() {
    return name;
  }

  /** Starts Python code there. */
  public PythonProcess python(String script) throws Exception {
    List<String> inside = List.of(IP, "netns", "exec", name, PythonProcess.PYTHON.toString());
    return PythonProcess.run(new ArrayList<>(inside), script);
  }

  /** A task whose thread will be there. */
  public <T> FutureTask<T> task(Callable<T> work) {
    return new FutureTask<>(
        () -> {
          enter();
          return work.call();
        });
  }

  /** Does something there. */
  public <T> T inside(Callable<T> work) throws Exception {
    FutureTask<T> task = task(work);
    new Thread(task, "inside " + name).start();
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception failed ? failed : e;
    }
  }

  /** Does something there without any capability, which a thread can lose alone. */
  public <T> T insideWithoutRights(Callable<T> work) throws Exception {
    return inside(
        () -> {
          ThreadRights.keep();
          return work.call();
        });
  }

  private void enter() {
    ProcFs proc = new ProcFs(Path.of("/"));
    int fd = proc.open("run/netns/" + name, Libc.O_RDONLY);
    try {
      if (fd < 0 || Libc.setns(fd, CLONE_NEWNET) < 0) {
        throw new AssertionError("setns: " + Native.getLastError());
      }
    } finally {
      proc.close(fd);
    }
  }

  public void remove() throws Exception {
    ip("netns", "del", name);
  }
}

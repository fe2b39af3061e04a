package io.portcurfew.observe.linux.proc;

import io.portcurfew.observe.linux.kernel.Libc;
import java.util.Arrays;

/** Lists the threads of processes that have more than one. */
public final class ThreadList {

  /** The entries of a folder that has one subfolder: {@code .}, {@code ..} and the first thread. */
  private static final int LINKS_OF_ONE = 3;

  private final ProcFs proc;

  /** Creates a reader of this /proc. */
  public ThreadList(ProcFs proc) {
    this.proc = proc;
  }

  /**
   * Returns the ids of the threads other than the first. Each of them has a folder in /proc that a
   * listing does not show (proc(5)). The result is empty for a process with one thread, whose
   * number the kernel shows as the links of the folder (proc_task_getattr in fs/proc/base.c).
   */
  public int[] others(int pid) {
    FileId folder = proc.fileBelow("proc/" + pid + "/task");
    if (folder == null || folder.links() <= LINKS_OF_ONE) {
      return new int[0];
    }
    int list = proc.open("proc/" + pid + "/task", Libc.O_RDONLY);
    int[] threads = list < 0 ? new int[0] : proc.numbers(list);
    proc.close(list);
    return Arrays.stream(threads).filter(thread -> thread != pid).toArray();
  }
}

package io.portcurfew.observe.linux.proc;

import io.portcurfew.observe.linux.kernel.Errno;
import io.portcurfew.observe.linux.kernel.HangingUsers;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import io.portcurfew.observe.linux.kernel.ProcMount;
import io.portcurfew.observe.linux.kernel.ProcessReads;
import io.portcurfew.observe.linux.kernel.UserGroup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Reads the /proc of a host: its processes, descriptors and namespaces. Not thread-safe. */
public final class ProcFs extends HostFiles {

  /** The inode of the first pid namespace (linux/proc_ns.h, PROC_PID_INIT_INO). */
  private static final long FIRST_PID_NAMESPACE = 0xEFFFFFFCL;

  private static final String STATM = "statm";
  private static final String SOCKSTAT = "net/sockstat";

  /**
   * Before Linux 5.0 a file of /proc/PID/net that somebody keeps open stays at its path when the
   * process enters another namespace (commit 1fde6f21d90f).
   */
  private static final boolean FILES_FOLLOW =
      !System.getProperty("os.version", "").matches("[0-4]\\..*");

  /** poll.h, struct pollfd: fd int, events short, revents short. */
  private final NativeBuffer polled = new NativeBuffer(8);

  private final Path root;
  private final @Nullable ProcMount mount;
  private final boolean filesFollow;
  private int linkLength;
  private @Nullable Boolean ownPids;

  /**
   * Creates a reader for the /proc below a root, which is {@code /} unless the host is a captured
   * one.
   */
  public ProcFs(Path root) {
    this(root, null);
  }

  /**
   * The same.
   *
   * @param mount replaces /proc while it is open
   */
  public ProcFs(Path root, @Nullable ProcMount mount) {
    this(root, mount, null);
  }

  /**
   * The same.
   *
   * @param reads is shown each read of a process that may wait, and names the processes that are
   *     not read
   */
  public ProcFs(Path root, @Nullable ProcMount mount, @Nullable ProcessReads reads) {
    super(root, mount, reads);
    this.root = root;
    this.mount = mount;
    this.filesFollow = FILES_FOLLOW && !isCaptured();
  }

  /** Returns another reader of the same /proc, for another thread or part. */
  public ProcFs another() {
    return new ProcFs(root, mount, reads());
  }

  /** The same for a thread that may outlive this reader: it leaves out the same processes. */
  public ProcFs apart() {
    return new ProcFs(root, null, reads());
  }

  /** Returns a file below the root that is read again and again. */
  public KeptFile keep(String below) {
    return new KeptFile(this, below);
  }

  /** Reads from a mount of our own from now on, if that is possible; returns true if it is. */
  public boolean readFromOwnMount() {
    return mount != null && mount.open();
  }

  /**
   * Returns true if its process ids belong to our own pid namespace. A captured host without
   * /proc/self/status counts as such. /proc/loadavg shows an id of the reader's namespace, and
   * pidfd_open(2) expects one.
   */
  public boolean isOfOwnPidNamespace() {
    Boolean known = ownPids;
    if (known == null) {
      byte[] status = read("proc/self/status");
      known = status == null ? isCaptured() : ProcText.pidNamespaces(status) <= 1;
      ownPids = known;
    }
    return known;
  }

  /**
   * Returns true if our own pid namespace is the first one, which contains every process, or {@code
   * null} if that cannot be read.
   */
  public @Nullable Boolean isOfFirstPidNamespace() {
    Long inode = ProcText.namespaceInode(link("proc/self/ns/pid"));
    return inode == null ? null : inode == FIRST_PID_NAMESPACE;
  }

  /**
   * Returns the inode of our own network namespace, from its link or the file behind it (proc(5),
   * namespaces(7)), or {@code null} if neither can be read.
   */
  public @Nullable Long ownNetwork() {
    Long inode = ProcText.namespaceInode(link("proc/self/ns/net"));
    FileId file = inode == null ? fileBelow("proc/self/ns/net") : null;
    return file == null ? inode : Long.valueOf(file.inode());
  }

  /** Returns true if an open mountinfo has changed since it was opened, or that is not known. */
  public boolean hasChanged(int mountinfo) {
    polled.bytes().putInt(0, mountinfo);
    polled.bytes().putShort(4, Libc.POLLPRI);
    return Libc.poll(polled.address(), 1, 0) != 0;
  }

  /**
   * Returns the current process ids in no particular order, or {@code null} if they cannot be
   * listed.
   */
  int @Nullable [] pids() {
    forgetError();
    int folder = open("proc", Libc.O_RDONLY);
    int[] pids = folder < 0 ? null : numbers(folder);
    int listError = error();
    close(folder);
    return listError == 0 ? pids : null;
  }

  /**
   * Opens the folder of a process, or returns {@code null} if the process has ended, is hidden, or
   * {@linkplain #isExecuting executes} a program.
   */
  public @Nullable ProcessFolder process(int pid) {
    int fd = open("proc/" + pid, Libc.O_PATH);
    if (fd >= 0 && isExecutingIn(fd, pid)) {
      close(fd);
      return null;
    }
    return fd < 0 ? null : new ProcessFolder(this, pid, fd);
  }

  /**
   * Returns the target of a link of a process or thread, or {@code null} if it cannot be read or
   * the process {@linkplain #isExecuting executes} a program.
   */
  public byte @Nullable [] linkOf(int id, String name) {
    return isExecuting(id) ? null : link("proc/" + id + "/" + name);
  }

  /**
   * Returns true if a process or thread is within execve(2), between its old and its new program;
   * the error is EBUSY then. The kernel holds a lock meanwhile (exec_update_lock, begin_new_exec in
   * fs/exec.c). The user of the process decides how long: execve closes a file under the lock, and
   * a FUSE server need not answer. On Linux 6.18 every read of a link of such a process waits for
   * the lock, also that of {@code stat}, {@code maps} and {@code auxv}. A process that is
   * {@linkplain HangingUsers left out} counts as one of these.
   */
  public boolean isExecuting(int id) {
    int before = error();
    return isLeftOut(id)
        ? executes(true, before)
        : hasNoProgram(open("proc/" + id + "/" + STATM, Libc.O_RDONLY), before);
  }

  /** The same for the process of a folder. */
  boolean isExecutingIn(int folder, int pid) {
    int before = error();
    return isLeftOut(pid)
        ? executes(true, before)
        : hasNoProgram(openAt(folder, STATM, Libc.O_RDONLY), before);
  }

  private boolean hasNoProgram(int statm, int before) {
    int length = readOnceAndClose(statm);
    return executes(ProcText.hasNoProgram(data.bytes(), length), before);
  }

  private boolean executes(boolean executes, int before) {
    fail(executes ? Errno.EBUSY : before);
    return executes;
  }

  /**
   * Returns the inode of /proc/PID/net/sockstat for a process or thread, or 0 if it is not known.
   * Each network namespace has a file of its own (fs/proc/proc_net.c), whose number no other one
   * gets as long as the namespace exists. The kernel needs no right over the process to find it and
   * waits for none of its locks, unlike for its link {@code ns/net}.
   */
  public long sockstatOf(int id) {
    return filesFollow ? inode(fileBelow("proc/" + id + "/" + SOCKSTAT)) : 0;
  }

  /** The same for the process of a folder. */
  long sockstatIn(int folder) {
    return filesFollow ? inode(fileAt(folder, SOCKSTAT)) : 0;
  }

  private static long inode(@Nullable FileId file) {
    return file == null ? 0 : file.inode();
  }

  private boolean isLeftOut(int pid) {
    ProcessReads known = reads();
    return known != null && !known.users().isEmpty() && known.users().has(pid, () -> userOf(pid));
  }

  /**
   * Returns the user of a process, or {@code null} if it has ended. The folder of one without core
   * dumps belongs to root (PR_SET_DUMPABLE in prctl(2)), so its real user is asked for.
   */
  public @Nullable Long userOf(int pid) {
    Long owner = ownerOf("proc/" + pid);
    byte[] status =
        owner != null && owner == UserGroup.ROOT ? read("proc/" + pid + "/status") : null;
    ProcText.Users users = status == null ? null : ProcText.users(status);
    return users == null ? owner : Long.valueOf(users.real());
  }

  /** Makes a call for a process that may wait for it and opens a descriptor of our own. */
  public int copyOf(int pid, IntSupplier call) {
    begin(pid);
    int fd = call.getAsInt();
    endWith(fd);
    return fd;
  }

  /** Opens our own process, or returns {@code null} on a captured host. */
  public @Nullable ProcessFolder self() {
    byte[] link = link("proc/self");
    Long pid = link == null ? null : ProcText.number(new String(link, StandardCharsets.ISO_8859_1));
    return pid == null ? null : process(pid.intValue());
  }

  /** Returns the inode of the socket behind a link in /proc/PID/fd, or 0 if it is no socket. */
  public long socketAt(int folder, String name) {
    return socketAt(readlink(folder, path.text(name)));
  }

  /** Returns the inode of the socket at a descriptor of a process, or 0 if it is no socket. */
  public long socketAt(int folder, int descriptor) {
    return socketAt(readlink(folder, path.text("fd/", descriptor)));
  }

  private long socketAt(long length) {
    linkLength = (int) length;
    return length < 0 ? 0 : ProcText.socketInode(data.bytes(), (int) length);
  }

  /**
   * Returns the inode of the network namespace that the last link read by {@link #socketAt} leads
   * to, or 0 if it leads to something else.
   */
  long namespaceOfLastLink() {
    boolean isNamespace =
        linkLength > 5 && data.bytes().get(0) == 'n' && data.bytes().get(2) == 't';
    Long inode = isNamespace ? ProcText.namespaceInode(data.copy(linkLength)) : null;
    return inode == null ? 0 : inode;
  }

  /** Returns true if the last link read by {@link #socketAt} leads to this text. */
  boolean lastLinkIs(String text) {
    if (linkLength != text.length()) {
      return false;
    }
    for (int i = 0; i < linkLength; i++) {
      if (data.bytes().get(i) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}

package io.portcurfew.observe.linux.proc;

import io.portcurfew.observe.linux.kernel.HookedProgram;
import io.portcurfew.observe.linux.kernel.Libc;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Refers to a process by its open folder in /proc. All reads through one folder are of the same
 * process. After the process has ended, they fail, even if another process reuses its id.
 */
public final class ProcessFolder implements AutoCloseable {

  /** The most text that is read of one io_uring. */
  private static final int RING_TEXT = 64 * 1024;

  private final ProcFs proc;
  private final int pid;
  private final int fd;
  private @Nullable HookedProgram lastProgram;

  ProcessFolder(ProcFs proc, int pid, int fd) {
    this.proc = proc;
    this.pid = pid;
    this.fd = fd;
  }

  /** Returns the process id in /proc. */
  public int pid() {
    return pid;
  }

  /** Returns the /proc that contains the process. */
  public ProcFs proc() {
    return proc;
  }

  /** Returns the error number of the last failed call. */
  public int error() {
    return proc.error();
  }

  /** Returns true if the process {@linkplain ProcFs#isExecuting executes} a program. */
  public boolean isExecuting() {
    return proc.isExecutingIn(fd, pid);
  }

  /** Returns the first bytes of a file of the process, or {@code null} if it cannot be read. */
  public byte @Nullable [] read(String name, int most) {
    proc.begin(pid);
    byte[] text = proc.readAt(fd, name, most);
    proc.end();
    return text;
  }

  /** Returns at most about {@code most} bytes of a long file, or {@code null} if that fails. */
  public byte @Nullable [] readWhole(String name, int most) {
    int file = open(name);
    proc.begin(pid);
    byte[] text = proc.readWholeAndClose(file, most);
    proc.end();
    return text;
  }

  /** Returns the target of a link of the process, or {@code null} if it cannot be read. */
  public byte @Nullable [] link(String name) {
    proc.begin(pid);
    byte[] target = proc.linkAt(fd, name);
    proc.end();
    return target;
  }

  /** Returns the inode of its network namespace, or {@code null} if it cannot be read. */
  public @Nullable Long networkNamespace() {
    return isExecuting() ? null : ProcText.namespaceInode(link("ns/net"));
  }

  /** Returns the inode of its {@linkplain ProcFs#sockstatOf sockstat}, or 0 if it is not known. */
  public long sockstat() {
    return proc.sockstatIn(fd);
  }

  /** Returns the file behind a link of the process, or its folder for {@code "."}. */
  @Nullable FileId file(String name) {
    proc.begin(pid);
    FileId file = proc.fileAt(fd, name);
    proc.end();
    return file;
  }

  /** Returns the mount of the file behind a link of the process. */
  public @Nullable FilePlace place(String name) {
    proc.begin(pid);
    FilePlace place = proc.placeAt(fd, name);
    proc.end();
    return place;
  }

  /** Opens a file of the process, or returns -1 if that fails. The caller closes it. */
  public int open(String name) {
    proc.begin(pid);
    int file = proc.openAt(fd, name, Libc.O_RDONLY);
    proc.endWith(file);
    return file;
  }

  /**
   * Returns the inode of the socket at a descriptor, the {@linkplain TunId number} of a TUN device
   * or that of a {@linkplain HookedProgram#holderNumber BPF program} at it, or 0 if there is none.
   */
  public long socketAt(int descriptor) {
    lastProgram = null;
    proc.begin(pid);
    long inode = proc.socketAt(fd, descriptor);
    proc.end();
    if (inode != 0) {
      return inode;
    }
    return proc.lastLinkIs(TunId.LINK) ? tunAt(descriptor) : programAt(descriptor);
  }

  private long programAt(int descriptor) {
    boolean isProgram = proc.lastLinkIs(ProgramLink.LINK) || proc.lastLinkIs(ProgramLink.PROGRAM);
    byte[] info = isProgram ? read("fdinfo/" + descriptor, 1024) : null;
    ProgramLink program = info == null ? null : ProgramLink.of(info);
    lastProgram = program == null ? null : program.hook();
    return program == null ? 0 : HookedProgram.holderNumber(program.program());
  }

  private long tunAt(int descriptor) {
    byte[] info = read("fdinfo/" + descriptor, 1024);
    String device = info == null ? null : TunId.device(info);
    Long namespace = device == null ? null : networkNamespace();
    return device == null || namespace == null ? 0 : TunId.of(namespace, device);
  }

  /**
   * Returns the inodes of the sockets that are registered in the io_uring of the last call of
   * {@link #socketAt}; none if that descriptor is of anything else.
   */
  public long[] registeredAt(int descriptor) {
    boolean shows = RingFiles.namesSockets() && proc.lastLinkIs(RingFiles.LINK);
    byte[] info = shows ? read("fdinfo/" + descriptor, RING_TEXT) : null;
    return info == null ? new long[0] : RingFiles.sockets(info);
  }

  /**
   * Returns the BPF program of the last call of {@link #socketAt}; {@code null} if the descriptor
   * is of anything else, or the program is attached to no place that can redirect packets.
   */
  public @Nullable HookedProgram lastProgram() {
    return lastProgram;
  }

  /** Returns true if a descriptor is of a Unix socket in whose queue descriptors wait. */
  public boolean hasQueueAt(int descriptor) {
    byte[] info = read("fdinfo/" + descriptor, 1024);
    return info != null && UnixQueue.waiting(info) > 0;
  }

  /**
   * Returns true if a descriptor is of this socket, or of an io_uring in which it is registered.
   */
  public boolean holds(int descriptor, long inode) {
    return socketAt(descriptor) == inode
        || Arrays.stream(registeredAt(descriptor)).anyMatch(one -> one == inode);
  }

  /**
   * Returns the inode of the network namespace that the descriptor of the last call of {@link
   * #socketAt} refers to, or 0 if it refers to something else.
   */
  public long namespaceOfLastLink() {
    return proc.namespaceOfLastLink();
  }

  /** Opens the list of descriptors, or returns -1 if that fails. */
  public int openDescriptors() {
    return open("fd");
  }

  /** Returns about {@code most} next descriptors from the list, or {@code null} at its end. */
  public int @Nullable [] someDescriptors(int list, int most) {
    proc.begin(pid);
    int[] some = proc.someNumbers(list, most);
    proc.end();
    return some;
  }

  /** Closes the list of descriptors. */
  public void closeDescriptors(int list) {
    proc.close(list);
  }

  @Override
  public void close() {
    proc.close(fd);
  }
}

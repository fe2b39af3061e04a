package io.portcurfew.observe.linux.unlisted;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.Refusal;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcText;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import io.portcurfew.observe.linux.procnet.SocketInodes;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Compares sockets with the tables of all network namespaces, on a thread of its own: the tables
 * may be long. It reads /proc by itself, because its readers are not shared between threads.
 */
final class ListingJob {

  /** linux/capability.h. */
  private static final int CAP_NET_ADMIN = 12;

  private static final int MOST_STATUS = 16 * 1024;

  private final ProcFs proc;
  private final SocketInodes tables = new SocketInodes();
  private final List<HeldInode> sockets;
  private final List<HeldInode> ofHost;
  private final int[] members;

  /**
   * @param proc the /proc of the running host, which nothing else reads
   * @param sockets the sockets to look for
   * @param ofHost sockets that the tables of the host listed before: a socket stays in its
   *     namespace, even when it has no address any more
   * @param members one process in each network namespace but that of the agent
   */
  ListingJob(ProcFs proc, List<HeldInode> sockets, List<HeldInode> ofHost, int[] members) {
    this.proc = proc;
    this.sockets = sockets;
    this.ofHost = ofHost;
    this.members = members;
  }

  /**
   * The result.
   *
   * @param unlisted the sockets that are held and that no table lists, with the names of their
   *     holders
   * @param ofHost those that are held and that the tables of the host list, or listed before
   */
  record ListingResult(Map<HeldInode, HostText> unlisted, Set<HeldInode> ofHost) {}

  /** Compares the sockets. */
  ListingResult run() {
    Set<Long> inodes = new HashSet<>();
    List<HeldInode> held = sockets.stream().filter(this::isHeld).toList();
    held.forEach(socket -> inodes.add(socket.inode()));
    tables.removeListed(name -> proc.open("proc/net/" + name, Libc.O_RDONLY), inodes);
    Set<HeldInode> known =
        Stream.concat(
                ofHost.stream().filter(this::isHeld),
                held.stream().filter(socket -> !inodes.contains(socket.inode())))
            .collect(Collectors.toSet());
    // Most sockets are in the namespace of their process, so the others are seldom read.
    IntStream holders =
        sockets.stream().filter(one -> inodes.contains(one.inode())).mapToInt(HeldInode::pid);
    Set<Long> read = new HashSet<>();
    for (int pid : IntStream.concat(holders, Arrays.stream(members)).distinct().toArray()) {
      removeListed(pid, read, inodes);
    }
    Map<HeldInode, HostText> unlisted = new LinkedHashMap<>();
    for (HeldInode socket : sockets) {
      if (inodes.contains(socket.inode()) && isHeld(socket) && !configuresNetwork(socket)) {
        unlisted.put(socket, nameOf(socket.pid()));
      }
    }
    return new ListingResult(unlisted, known);
  }

  private void removeListed(int pid, Set<Long> read, Set<Long> inodes) {
    ProcessFolder process = inodes.isEmpty() ? null : proc.process(pid);
    if (process == null) {
      return;
    }
    try (process) {
      byte[] link = process.link("ns/net");
      Long namespace = link == null ? null : ProcText.namespaceInode(link);
      if (namespace == null || read.add(namespace)) {
        ToIntFunction<String> opener = name -> process.open("net/" + name);
        tables.removeListed(opener, inodes);
      }
    }
  }

  /** True if the process has CAP_NET_ADMIN in the user namespace of the agent, for its own user. */
  private boolean configuresNetwork(HeldInode socket) {
    ProcessFolder process = proc.process(socket.pid());
    if (process == null) {
      return false;
    }
    try (process) {
      byte[] users = process.link("ns/user");
      byte[] status = process.read("status", MOST_STATUS);
      byte[] auxiliary = process.read("auxv", MOST_STATUS);
      return users != null
          && status != null
          && auxiliary != null
          && Arrays.equals(users, proc.link("proc/self/ns/user"))
          && isTrusted(status, auxiliary, socket.creator());
    }
  }

  /**
   * Returns true for a process with CAP_NET_ADMIN that runs as the user who created the socket, and
   * that root or the user's own rights started. Such programs are trusted like root, and keep
   * sockets without an address for requests to the kernel, as systemd-networkd does. A program that
   * has the capability of its file, as dumpcap, holds the sockets of whoever started it. So does a
   * set-user-ID program, whose real user is another than its effective one.
   *
   * @param status /proc/PID/status; without the lines of it the answer is false
   * @param auxiliary /proc/PID/auxv
   */
  static boolean isTrusted(byte[] status, byte[] auxiliary, long creator) {
    ProcText.Users users = ProcText.users(status);
    return users != null
        && users.real() == creator
        && users.effective() == creator
        && (ProcText.effectiveCapabilities(status) >> CAP_NET_ADMIN & 1) == 1
        && !ProcText.hasRightsOfItsFile(auxiliary);
  }

  /** True if the process still has the socket at its descriptor, or that cannot be read. */
  private boolean isHeld(HeldInode socket) {
    proc.forgetError();
    ProcessFolder process = proc.process(socket.pid());
    if (process == null) {
      return isOpenQuestion();
    }
    try (process) {
      return process.socketAt(socket.descriptor()) == socket.inode() || isOpenQuestion();
    }
  }

  private boolean isOpenQuestion() {
    return proc.error() != 0 && !Refusal.PROCESS.is(proc.error());
  }

  private HostText nameOf(int pid) {
    byte[] name = proc.read("proc/" + pid + "/comm");
    return HostText.of(name == null ? new byte[0] : strip(name), 32);
  }

  private static byte[] strip(byte[] line) {
    int length = line.length;
    while (length > 0 && line[length - 1] == '\n') {
      length--;
    }
    return Arrays.copyOf(line, length);
  }
}

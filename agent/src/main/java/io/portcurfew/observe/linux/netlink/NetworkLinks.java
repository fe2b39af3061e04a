package io.portcurfew.observe.linux.netlink;

import io.portcurfew.observe.linux.kernel.BpfAttachments;
import io.portcurfew.observe.linux.kernel.HookedProgram;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.PacketHook;
import io.portcurfew.observe.linux.kernel.Refusal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The links of one network namespace, by RTM_GETLINK (rtnetlink(7)), which needs no right, and the
 * programs and actions at their hooks.
 *
 * @param all at most {@value #MOST}
 * @param programs at most {@value #MOST_PROGRAMS}
 * @param unread why programs may be missing; empty if none can
 */
public record NetworkLinks(List<Link> all, List<HookedProgram> programs, String unread) {

  /** The reason why programs are not all seen without CAP_NET_ADMIN. */
  public static final String NEEDS_RIGHT =
      "programs of tcx, netkit and sk_lookup without a process take CAP_NET_ADMIN";

  /** The links of a host that does not run. */
  public static final NetworkLinks NONE = new NetworkLinks(List.of(), List.of(), "");

  /** A user who owns a network namespace can make links without limit. */
  static final int MOST = 4_096;

  static final int MOST_PROGRAMS = 256;

  private static final int RTM_NEWLINK = 16;
  private static final int RTM_GETLINK = 18;

  /** struct ifinfomsg: 16 bytes, with the index at 4. */
  static final int INFO_SIZE = 16;

  private static final int INDEX_AT = 4;

  // linux/if_link.h.
  private static final int IFLA_IFNAME = 3;
  static final int IFLA_LINKINFO = 18;
  static final int IFLA_INFO_KIND = 1;
  private static final int IFLA_XDP = 43;

  /** IFLA_XDP_PROG_ID; then, where there is more than one, those of each mode. */
  private static final List<Integer> XDP_PROGRAMS = List.of(4, 5, 6, 7);

  public NetworkLinks {
    all = List.copyOf(all);
    programs = List.copyOf(programs);
  }

  /**
   * A link.
   *
   * @param name byte for byte as ISO 8859-1
   * @param kind the kind of a virtual link, as in {@code tun}; empty for others
   * @param xdp the numbers of its XDP programs
   */
  public record Link(int index, String name, String kind, Set<Long> xdp) {

    public Link {
      xdp = Set.copyOf(xdp);
    }

    /** True for one end of a pair, whose name is usually made at random for a container. */
    public boolean isOfPair() {
      return kind.equals("veth") || kind.equals("netkit");
    }
  }

  /**
   * Asks the kernel, in the network namespace of the calling thread.
   *
   * @param namespace an open descriptor of it, or -1
   * @throws KernelException if the kernel refuses or fails
   */
  public static NetworkLinks read(int namespace) throws KernelException {
    List<Link> found = new ArrayList<>();
    List<HookedProgram> programs = new ArrayList<>(0);
    try (NetlinkDump route = NetlinkDump.ofRoutes()) {
      dump(
          route,
          (bytes, type, from, to) -> {
            Link link = found.size() < MOST ? link(bytes, from, to) : null;
            if (link != null) {
              found.add(link);
            }
          });
      for (Link link : found) {
        link.xdp()
            .forEach(id -> programs.add(new HookedProgram(PacketHook.XDP, link.index(), 0, id)));
      }
      String unread = addPrograms(route, found, namespace, programs);
      boolean all = programs.size() <= MOST_PROGRAMS;
      return new NetworkLinks(
          found,
          all ? programs : programs.subList(0, MOST_PROGRAMS),
          all ? unread : "there are more than " + MOST_PROGRAMS);
    }
  }

  /** Returns why programs may be missing; those of tcx and sk_lookup take CAP_NET_ADMIN. */
  private static String addPrograms(
      NetlinkDump route, List<Link> links, int namespace, List<HookedProgram> into) {
    try {
      into.addAll(TrafficFilters.read(route));
    } catch (KernelException failed) {
      return String.valueOf(failed.getMessage());
    }
    try {
      BpfAttachments attachments = new BpfAttachments();
      for (Link link : links) {
        into.addAll(attachments.ofInterface(link.index(), link.kind().equals("netkit")));
      }
      if (namespace < 0) {
        return "the network namespace cannot be opened";
      }
      into.addAll(attachments.ofNamespace(namespace));
      return "";
    } catch (KernelException failed) {
      return Refusal.ENTRY.is(failed.errno()) ? NEEDS_RIGHT : String.valueOf(failed.getMessage());
    }
  }

  /**
   * Asks for all links.
   *
   * @param links receives each message, from its struct ifinfomsg on
   * @throws KernelException if the kernel refuses or fails
   */
  static void dump(NetlinkMessages.MessageSink links) throws KernelException {
    try (NetlinkDump route = NetlinkDump.ofRoutes()) {
      dump(route, links);
    }
  }

  private static void dump(NetlinkDump route, NetlinkMessages.MessageSink links)
      throws KernelException {
    route.ask(RTM_GETLINK, new byte[INFO_SIZE], RTM_NEWLINK, links);
  }

  /** Returns the link of one message; {@code null} if it has no name. */
  static @Nullable Link link(ByteBuffer bytes, int from, int to) throws KernelException {
    if (to - from < INFO_SIZE) {
      throw new KernelException("an answer about a link is truncated");
    }
    int attributes = from + INFO_SIZE;
    Attribute name = Attribute.find(bytes, attributes, to, IFLA_IFNAME);
    Attribute info = Attribute.find(bytes, attributes, to, IFLA_LINKINFO);
    Attribute kind =
        info == null ? null : Attribute.find(bytes, info.from(), info.to(), IFLA_INFO_KIND);
    Attribute xdp = Attribute.find(bytes, attributes, to, IFLA_XDP);
    Set<Long> programs = xdp == null ? Set.of() : programs(bytes, xdp);
    return name == null
        ? null
        : new Link(
            bytes.getInt(from + INDEX_AT),
            name.text(bytes),
            kind == null ? "" : kind.text(bytes),
            programs);
  }

  private static Set<Long> programs(ByteBuffer bytes, Attribute xdp) throws KernelException {
    Set<Long> programs = new TreeSet<>();
    for (int type : XDP_PROGRAMS) {
      Attribute id = Attribute.find(bytes, xdp.from(), xdp.to(), type);
      if (id != null) {
        programs.add(Integer.toUnsignedLong(id.number(bytes)));
      }
    }
    return programs;
  }
}

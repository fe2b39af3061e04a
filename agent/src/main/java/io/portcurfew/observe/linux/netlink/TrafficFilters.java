package io.portcurfew.observe.linux.netlink;

import io.portcurfew.observe.linux.kernel.HookedProgram;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.PacketHook;
import io.portcurfew.observe.linux.kernel.Refusal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tc filters of one network namespace whose program or action can take packets away, by
 * RTM_GETQDISC and RTM_GETTFILTER, which need no right. Numbers are those of linux/rtnetlink.h and
 * linux/pkt_cls.h.
 */
final class TrafficFilters {

  private static final int RTM_NEWQDISC = 36;
  private static final int RTM_GETQDISC = 38;
  private static final int RTM_NEWTFILTER = 44;
  private static final int RTM_GETTFILTER = 46;

  // struct tcmsg: tcm_family u8, padding, tcm_ifindex s32, tcm_handle u32, tcm_parent u32,
  // tcm_info u32.
  private static final int INDEX_AT = 4;
  private static final int HANDLE_AT = 8;
  private static final int PARENT_AT = 12;
  static final int MESSAGE_SIZE = 20;

  private static final int TCA_KIND = 1;
  private static final int TCA_OPTIONS = 2;

  /** TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS), and the same for TC_H_MIN_EGRESS. */
  private static final int CLSACT_INGRESS = 0xFFFFFFF2;

  private static final int CLSACT_EGRESS = 0xFFFFFFF3;

  /** The attribute with the actions, by the kind of the filter. */
  private static final Map<String, Integer> ACTIONS =
      Map.of(
          "basic",
          3,
          "bpf",
          1,
          "cgroup",
          1,
          "flow",
          9,
          "flower",
          3,
          "fw",
          4,
          "matchall",
          2,
          "route",
          6,
          "u32",
          7);

  private static final int TCA_BPF_ID = 11;
  private static final int TCA_ACT_BPF_ID = 9;
  private static final int TCA_MIRRED_PARMS = 2;

  /** struct tc_mirred: eaction; TCA_EGRESS_REDIR and TCA_INGRESS_REDIR send the packet away. */
  private static final int EACTION_AT = 20;

  private static final int EGRESS_REDIR = 1;
  private static final int INGRESS_REDIR = 3;

  /** linux/pkt_cls.h, TCA_ACT_MAX_PRIO. */
  private static final int MOST_ACTIONS = 32;

  private static final int MOST_QUEUES = 256;

  private TrafficFilters() {}

  /** A place of filters: an interface and the parent of its filters. */
  record FilterParent(int interfaceIndex, int parent) {}

  /**
   * Asks the kernel.
   *
   * @return the programs and actions; none if the kernel has no tc
   * @throws KernelException if the kernel refuses or fails
   */
  static List<HookedProgram> read(NetlinkDump route) throws KernelException {
    List<FilterParent> parents = new ArrayList<>(0);
    List<HookedProgram> found = new ArrayList<>(0);
    try {
      route.ask(
          RTM_GETQDISC,
          new byte[MESSAGE_SIZE],
          RTM_NEWQDISC,
          (bytes, type, from, to) -> addParents(bytes, from, to, parents));
      for (FilterParent parent : parents) {
        route.ask(
            RTM_GETTFILTER,
            request(parent),
            RTM_NEWTFILTER,
            (bytes, type, from, to) -> addFilter(bytes, from, to, found));
      }
    } catch (KernelException refused) {
      if (!Refusal.TRAFFIC.is(refused.errno())) {
        throw refused;
      }
    }
    return found;
  }

  private static byte[] request(FilterParent parent) {
    ByteBuffer header = ByteBuffer.allocate(MESSAGE_SIZE).order(ByteOrder.nativeOrder());
    header.putInt(INDEX_AT, parent.interfaceIndex()).putInt(PARENT_AT, parent.parent());
    return header.array();
  }

  /** Adds the places of filters of a queueing discipline; the kernel's own ones have no handle. */
  static void addParents(ByteBuffer bytes, int from, int to, List<FilterParent> into)
      throws KernelException {
    String kind = kind(bytes, from, to);
    int index = bytes.getInt(from + INDEX_AT);
    int handle = bytes.getInt(from + HANDLE_AT);
    if (into.size() >= MOST_QUEUES) {
      throw new KernelException("there are more than " + MOST_QUEUES + " places of tc filters");
    }
    if (kind.equals("clsact")) {
      into.add(new FilterParent(index, CLSACT_INGRESS));
      into.add(new FilterParent(index, CLSACT_EGRESS));
    } else if (handle != 0) {
      into.add(new FilterParent(index, handle));
    }
  }

  /** Adds what one filter does with packets. */
  static void addFilter(ByteBuffer bytes, int from, int to, List<HookedProgram> into)
      throws KernelException {
    String kind = kind(bytes, from, to);
    int index = bytes.getInt(from + INDEX_AT);
    Attribute options = Attribute.find(bytes, from + MESSAGE_SIZE, to, TCA_OPTIONS);
    if (options == null) {
      return;
    }
    if (kind.equals("bpf")) {
      add(PacketHook.TC, index, number(bytes, options, TCA_BPF_ID), into);
    }
    Integer actionsAt = ACTIONS.get(kind);
    if (actionsAt == null) {
      throw new KernelException("a tc filter of an unknown kind is not understood");
    }
    Attribute actions = Attribute.find(bytes, options.from(), options.to(), actionsAt);
    for (int i = 1; actions != null && i <= MOST_ACTIONS; i++) {
      Attribute action = Attribute.find(bytes, actions.from(), actions.to(), i);
      if (action == null) {
        return;
      }
      addAction(bytes, action, index, into);
    }
  }

  private static void addAction(
      ByteBuffer bytes, Attribute action, int index, List<HookedProgram> into)
      throws KernelException {
    Attribute kind = Attribute.find(bytes, action.from(), action.to(), TCA_KIND);
    Attribute options = Attribute.find(bytes, action.from(), action.to(), TCA_OPTIONS);
    PacketHook hook = kind == null ? null : PacketHook.ofAction(kind.text(bytes));
    if (hook == null || options == null) {
      return;
    }
    if (hook == PacketHook.TC) {
      add(hook, index, number(bytes, options, TCA_ACT_BPF_ID), into);
    } else if (hook != PacketHook.MIRRED || takesAway(bytes, options)) {
      into.add(new HookedProgram(hook, index, 0, 0));
    }
  }

  /** A mirrored packet also goes on. */
  private static boolean takesAway(ByteBuffer bytes, Attribute options) throws KernelException {
    Attribute parms = Attribute.find(bytes, options.from(), options.to(), TCA_MIRRED_PARMS);
    if (parms == null || parms.length() < EACTION_AT + Integer.BYTES) {
      return true;
    }
    int action = bytes.getInt(parms.from() + EACTION_AT);
    return action == EGRESS_REDIR || action == INGRESS_REDIR;
  }

  /** A classic program has no number: it selects packets, and its actions redirect them. */
  private static void add(
      PacketHook hook, int index, @Nullable Integer program, List<HookedProgram> into) {
    if (program != null) {
      into.add(new HookedProgram(hook, index, 0, Integer.toUnsignedLong(program)));
    }
  }

  private static @Nullable Integer number(ByteBuffer bytes, Attribute within, int type)
      throws KernelException {
    Attribute found = Attribute.find(bytes, within.from(), within.to(), type);
    return found == null ? null : (Integer) found.number(bytes);
  }

  private static String kind(ByteBuffer bytes, int from, int to) throws KernelException {
    Attribute kind =
        to - from < MESSAGE_SIZE ? null : Attribute.find(bytes, from + MESSAGE_SIZE, to, TCA_KIND);
    if (kind == null) {
      throw new KernelException("an answer about tc is truncated");
    }
    return kind.text(bytes);
  }
}

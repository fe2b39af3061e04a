package io.portcurfew.observe.linux.kernel;

import io.portcurfew.observe.SocketPlace.Family;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The places where a BPF program, or an action of a tc filter, can take packets away from sockets
 * (linux/bpf.h, linux/pkt_cls.h).
 */
public enum PacketHook {
  /** A program that chooses the socket of a connection (BPF_LINK_TYPE_NETNS, BPF_SK_LOOKUP). */
  SK_LOOKUP(Family.BPF, 5, "netns"),
  /** A program of an interface that sees each frame first. */
  XDP(Family.BPF, 6, "xdp"),
  TCX(Family.BPF, 11, "tcx"),
  NETKIT(Family.BPF, 13, "netkit"),
  /** A program of a tc filter (tc-bpf(8)). */
  TC(Family.BPF, PacketHook.NO_LINK, ""),
  /** An action that sends packets to another interface (tc-mirred(8)). */
  MIRRED(Family.TC, PacketHook.NO_LINK, ""),
  /** An action that changes addresses (tc-nat(8)). */
  NAT(Family.TC, PacketHook.NO_LINK, ""),
  /** An action that changes any field of a packet (tc-pedit(8)). */
  PEDIT(Family.TC, PacketHook.NO_LINK, ""),
  /** An action that may change addresses by a tracked connection (tc-ct(8)). */
  CT(Family.TC, PacketHook.NO_LINK, "");

  /** The words of hooks where a program needs no link, as its interface keeps it. */
  public static final Set<String> KEPT_BY_INTERFACE = Set.of("xdp", "tc");

  private static final int NO_LINK = -1;

  /** linux/bpf.h, BPF_SK_LOOKUP; other programs of a network namespace redirect nothing. */
  private static final int ATTACH_SK_LOOKUP = 36;

  private final Family family;
  private final int linkType;
  private final String type;

  PacketHook(Family family, int linkType, String type) {
    this.family = family;
    this.linkType = linkType;
    this.type = type;
  }

  /** Returns the family under which a policy names it. */
  public Family family() {
    return family;
  }

  /** Returns its number among the hooks, from which {@link #of} makes it again. */
  public int number() {
    return List.of(values()).indexOf(this);
  }

  /** Returns the hook with a number. */
  public static PacketHook of(int number) {
    return List.of(values()).get(number);
  }

  /** Returns its word in text and JSON. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the hook of a link; {@code null} if its program redirects nothing.
   *
   * @param type as in bpf_link_type
   * @param attachType as in bpf_attach_type
   */
  static @Nullable PacketHook ofLink(int type, int attachType) {
    for (PacketHook hook : values()) {
      if (hook.linkType == type) {
        return hook.fits(attachType) ? hook : null;
      }
    }
    return null;
  }

  /** Returns the hook of a link by the name that fdinfo has; {@code null} if there is none. */
  public static @Nullable PacketHook ofLink(String type, int attachType) {
    for (PacketHook hook : values()) {
      if (hook.linkType != NO_LINK && hook.type.equals(type)) {
        return hook.fits(attachType) ? hook : null;
      }
    }
    return null;
  }

  /** Returns the hook of an action of tc by its kind; {@code null} if it redirects nothing. */
  public static @Nullable PacketHook ofAction(String kind) {
    return switch (kind) {
      case "bpf" -> TC;
      case "mirred" -> MIRRED;
      case "nat" -> NAT;
      case "pedit" -> PEDIT;
      case "ct" -> CT;
      default -> null;
    };
  }

  private boolean fits(int attachType) {
    return this != SK_LOOKUP || attachType == ATTACH_SK_LOOKUP;
  }

  /**
   * Describes a link in words.
   *
   * @param place the inode of its network namespace, or the number of its interface there
   * @param id the number of the link, which no other link of the host has
   */
  String at(long place, long id) {
    String where =
        this == SK_LOOKUP ? "sk_lookup in net:[" + place + "]" : label() + " on interface " + place;
    return where + " (link " + id + ")";
  }
}

package io.portcurfew.observe.linux.kernel;

import org.jspecify.annotations.Nullable;

/** The kinds of BPF links whose program can take traffic away from sockets (linux/bpf.h). */
public enum RedirectingLink {
  /** A program that chooses the socket of a connection (BPF_LINK_TYPE_NETNS, BPF_SK_LOOKUP). */
  SK_LOOKUP(5, "netns"),
  XDP(6, "xdp"),
  TCX(11, "tcx"),
  NETKIT(13, "netkit");

  /** linux/bpf.h, BPF_SK_LOOKUP; other programs of a network namespace redirect nothing. */
  private static final int ATTACH_SK_LOOKUP = 36;

  private final int number;
  private final String type;

  RedirectingLink(int number, String type) {
    this.number = number;
    this.type = type;
  }

  /**
   * Returns the kind of a link; {@code null} if it redirects nothing.
   *
   * @param type as in bpf_link_type
   * @param attachType as in bpf_attach_type
   */
  static @Nullable RedirectingLink of(int type, int attachType) {
    for (RedirectingLink kind : values()) {
      if (kind.number == type) {
        return kind.fits(attachType) ? kind : null;
      }
    }
    return null;
  }

  /** Returns the kind of a link by the name that fdinfo has; {@code null} if there is none. */
  public static @Nullable RedirectingLink of(String type, int attachType) {
    for (RedirectingLink kind : values()) {
      if (kind.type.equals(type)) {
        return kind.fits(attachType) ? kind : null;
      }
    }
    return null;
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
  public String at(long place, long id) {
    String where = this == SK_LOOKUP ? "sk_lookup in net:[" + place + "]" : onInterface(place);
    return where + " (link " + id + ")";
  }

  private String onInterface(long place) {
    return type + " on interface " + place;
  }
}

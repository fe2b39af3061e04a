package io.portcurfew.judge;

import io.portcurfew.observe.Owner;
import io.portcurfew.observe.SocketPlace;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.RuleTerms;
import java.util.ArrayList;
import java.util.List;

/**
 * The programs of distributions that read packets for a known purpose. Each is an owner as a rule
 * would state it: the proven file together with the proven user that the distribution runs it as.
 *
 * <p>A program that every user may start has the right of its file (capabilities(7), File
 * capabilities; set-user-ID), and ld.so(8) takes no libraries of the user for it. It is accepted
 * with a raw socket alone: programs of this kind that take whole packets, as dumpcap, read the
 * traffic of the host for whoever starts them.
 */
final class SnifferTools {

  private static final List<String> FOLDERS = List.of("/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/");

  /** Programs that root runs. */
  private static final List<String> OF_ROOT =
      List.of(
          "tcpdump",
          "dhclient",
          "dhcpcd",
          "NetworkManager",
          "wpa_supplicant",
          "hostapd",
          "dhcpd",
          "dnsmasq",
          "radvd",
          "lldpd",
          "arpwatch",
          "arp-scan",
          "nmap",
          "suricata",
          "snort",
          "iftop",
          "nethogs",
          "iptraf-ng",
          "pppd",
          "kea-dhcp4",
          "connmand",
          "keepalived",
          "traceroute",
          "tcptraceroute",
          "hping3",
          "ndppd",
          "dumpcap",
          "ladvd",
          "ntopng",
          "softflowd",
          "pmacctd");

  /** Programs that give up root, and the user that they then run as. */
  private static final List<List<String>> OF_A_USER =
      List.of(
          List.of("tcpdump", "tcpdump"),
          List.of("dhcpcd", "dhcpcd"),
          List.of("dhcpcd", "_dhcpcd"),
          List.of("dhcpd", "dhcpd"),
          List.of("dnsmasq", "dnsmasq"),
          List.of("radvd", "radvd"),
          List.of("lldpd", "_lldpd"),
          List.of("lldpd", "lldpd"),
          List.of("arpwatch", "arpwatch"),
          List.of("suricata", "suricata"),
          List.of("snort", "snort"),
          List.of("kea-dhcp4", "_kea"),
          List.of("kea-dhcp4", "kea"),
          List.of("ladvd", "ladvd"),
          List.of("ntopng", "ntopng"));

  /** Programs whose files have the right, so that every user may start them. */
  private static final List<String> OF_EVERYBODY =
      List.of(
          "ping",
          "ping6",
          "fping",
          "fping6",
          "mtr-packet",
          "arping",
          "clockdiff",
          "traceroute6",
          "traceroute.db");

  private static final RuleTerms PRIVILEGED = new RuleTerms(List.of(), privileged());

  private static final RuleTerms ALL = new RuleTerms(List.of(), all());

  private SnifferTools() {}

  private static List<OwnerTerm> privileged() {
    List<OwnerTerm> terms = new ArrayList<>();
    for (String folder : FOLDERS) {
      OF_ROOT.forEach(name -> terms.add(new OwnerTerm(folder + name, "root")));
      OF_A_USER.forEach(pair -> terms.add(new OwnerTerm(folder + pair.get(0), pair.get(1))));
    }
    for (String folder : List.of("/usr/lib/systemd/", "/lib/systemd/")) {
      terms.add(new OwnerTerm(folder + "systemd-networkd", "systemd-network"));
      terms.add(new OwnerTerm(folder + "systemd-networkd", "root"));
    }
    terms.add(new OwnerTerm("/usr/libexec/iwd", "root"));
    return terms;
  }

  private static List<OwnerTerm> all() {
    List<OwnerTerm> terms = privileged();
    for (String folder : FOLDERS) {
      OF_EVERYBODY.forEach(name -> terms.add(new OwnerTerm(folder + name, null)));
    }
    return terms;
  }

  /**
   * Returns one term for each program; each owner of a socket should fit one of them. A socket that
   * another user created is none that a program of everybody opened.
   *
   * @param owners the owners of a socket of this family
   */
  static RuleTerms terms(SocketPlace.Family family, List<Owner> owners) {
    boolean mayBeOfEverybody =
        family == SocketPlace.Family.RAW && owners.stream().allMatch(Owner::isOfOneUser);
    return mayBeOfEverybody ? ALL : PRIVILEGED;
  }
}

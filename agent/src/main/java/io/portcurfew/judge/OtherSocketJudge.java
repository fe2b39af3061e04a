package io.portcurfew.judge;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.OtherSocket;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.SocketPlace;
import io.portcurfew.observe.UnknownOwner;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.Severity;
import io.portcurfew.policy.Trilean;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares a socket of another family with the rule that decides it. A socket without a rule is
 * accepted, unless it is a sniffer's or a BPF program, and its owner is no {@linkplain SnifferTools
 * known program}.
 */
final class OtherSocketJudge {

  /** Protocols of a packet socket by which it takes the traffic of every port. */
  private static final Set<String> EVERY_PACKET = Set.of("all", "ip", "ipv6");

  /** Protocols of a raw socket by which a program takes commands without an open port. */
  private static final Set<String> COVERT = Set.of("icmp", "ipv6-icmp", "tcp", "udp");

  private OtherSocketJudge() {}

  /** The findings; empty if everything is as the rule expects. */
  static List<Finding> of(Rule rule, OtherSocket socket) {
    if (rule.expect() == Expectation.CLOSED) {
      return List.of(finding(FindingKind.OPEN, rule, socket, "is open and should be closed"));
    }
    List<Finding> findings = new ArrayList<>();
    String wanted = "should be held by " + join(rule.terms().by());
    switch (rule.terms().accept(socket.knownOwners())) {
      case NO -> findings.add(finding(FindingKind.WRONG_OWNER, rule, socket, wanted));
      case UNKNOWN -> {
        UnknownOwner cause = cause(socket);
        String why = cause == null ? "its owner could not be determined" : cause.words();
        findings.add(
            finding(FindingKind.OWNER_UNKNOWN, rule, socket, wanted + ", but " + why)
                .withCause(cause));
      }
      case YES -> {}
    }
    if (rule.terms().warnsOfReplaced() && hasReplacedOwner(socket)) {
      String what = "runs a file that a package upgrade has replaced, so restart it";
      findings.add(finding(FindingKind.REPLACED, rule, socket, what));
    }
    return findings;
  }

  private static @Nullable UnknownOwner cause(OtherSocket socket) {
    return socket.unknownOwner() != null
        ? socket.unknownOwner()
        : socket.owners().stream()
            .map(OwnerDoubt::cause)
            .filter(UnknownOwner.IN_FLIGHT::equals)
            .findFirst()
            .orElse(null);
  }

  private static boolean hasReplacedOwner(OtherSocket socket) {
    return socket.owners().stream().anyMatch(owner -> owner.details().replaced());
  }

  /** The findings about a socket that no rule is about. */
  static List<Finding> withoutRule(OtherSocket socket) {
    if (!isSniffer(socket.place())) {
      return List.of();
    }
    List<Owner> owners = socket.knownOwners();
    Trilean known = SnifferTools.terms(socket.place().family(), owners).accept(owners);
    if (known == Trilean.YES) {
      return List.of();
    }
    UnknownOwner cause = cause(socket);
    boolean untested = owners.isEmpty() && cause == UnknownOwner.NO_RIGHT;
    String what =
        taking(socket.place().family())
            + (Boolean.TRUE.equals(socket.filtered()) ? " through a filter" : "")
            + ", as a backdoor does, and no rule is about it";
    return List.of(
        finding(
                untested ? FindingKind.OWNER_UNKNOWN : FindingKind.UNLISTED,
                Policy.DEFAULT,
                cause == UnknownOwner.NOT_YET
                    ? OwnerDoubt.PATIENT
                    : NotifySettings.of(Severity.WARNING),
                socket,
                what)
            .withCause(cause));
  }

  private static String taking(SocketPlace.Family family) {
    return switch (family) {
      case PACKET -> "takes the packets of every port";
      case BPF -> "may take the packets of any port";
      default -> "takes packets without an open port";
    };
  }

  /** Other namespaces have no owners that could be proven: see OwnerTerm. */
  private static boolean isSniffer(SocketPlace place) {
    String protocol = place.protocol();
    return protocol != null
        && place.namespace().equals(Endpoint.HOST)
        && switch (place.family()) {
          case PACKET -> EVERY_PACKET.contains(protocol);
          case RAW -> COVERT.contains(protocol);
          case BPF -> true;
          default -> false;
        };
  }

  private static Finding finding(FindingKind kind, Rule rule, OtherSocket socket, String what) {
    return finding(kind, rule.name(), rule.notifySettings(), socket, what);
  }

  private static Finding finding(
      FindingKind kind, String rule, NotifySettings settings, OtherSocket socket, String what) {
    String message = socket.place() + " " + what + "; held by " + holders(socket);
    return Finding.ofSocket(
        kind, rule, settings, socket.place(), message, socket.owners(), evidence(socket));
  }

  private static String holders(OtherSocket socket) {
    String known = FindingFactory.owners(socket.owners());
    return socket.owners().isEmpty() || socket.unknownOwner() == null
        ? known
        : known + " and an unknown owner";
  }

  private static List<String> evidence(OtherSocket socket) {
    Integer fanout = socket.fanout();
    return fanout == null ? List.of() : List.of("it is in fanout group " + fanout);
  }

  private static String join(List<?> terms) {
    return terms.stream().map(Object::toString).collect(Collectors.joining(" or "));
  }
}

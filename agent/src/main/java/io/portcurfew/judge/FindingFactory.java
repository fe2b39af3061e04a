package io.portcurfew.judge;

import io.portcurfew.observe.Container;
import io.portcurfew.observe.Disagreement;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Redirect;
import io.portcurfew.observe.UnknownOwner;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleTerms;
import io.portcurfew.policy.Severity;
import io.portcurfew.policy.Trilean;
import io.portcurfew.text.ShortList;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes each kind of finding. */
final class FindingFactory {

  /** The start of the evidence of a comparison. */
  static final String SEEN_BY = "seen by ";

  /** More owners are only counted. */
  private static final int MOST_OWNERS_NAMED = 4;

  /** The next looks may find an owner that is not known yet; then the finding is over. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  static final NotifySettings PATIENT =
      new NotifySettings(Severity.WARNING, null, PATIENCE, new TreeMap<>(), null);

  private FindingFactory() {}

  static Finding open(Rule rule, Listener listener) {
    return of(FindingKind.OPEN, rule, listener, "is open and should be closed");
  }

  static Finding exposed(Rule rule, Listener listener) {
    String allowed = join(rule.terms().addresses());
    return of(
        FindingKind.EXPOSED,
        rule,
        listener,
        "listens on an address that is not allowed (allowed: " + allowed + place(listener) + ")");
  }

  private static String place(Listener listener) {
    SortedSet<String> interfaces = listener.interfaces();
    if (interfaces == null) {
      return "";
    }
    return interfaces.isEmpty()
        ? "; no interface has the address now"
        : "; the address is on " + String.join(", ", interfaces);
  }

  /** A cut address cannot be compared with a block, and no address with an interface. */
  static Finding addressUnknown(Rule rule, Listener listener) {
    boolean cut = listener.endpoint().address().cut();
    String why = cut ? "has an address that the tool cut off" : "is on an unknown interface";
    String allowed = join(rule.terms().addresses());
    return of(FindingKind.BLIND, rule, listener, why + "; allowed: " + allowed);
  }

  static Finding wrongOwner(Rule rule, Listener listener) {
    return of(
        FindingKind.WRONG_OWNER, rule, listener, "should be held by " + join(rule.terms().by()));
  }

  static Finding replaced(Rule rule, Listener listener) {
    String what = "runs a file that a package upgrade has replaced, so restart it";
    return of(FindingKind.REPLACED, rule, listener, what);
  }

  static Finding ownerUnknown(Rule rule, Listener listener) {
    UnknownOwner cause = cause(rule.terms().by(), listener);
    String wanted =
        "should be held by " + join(rule.terms().by()) + ", but " + why(cause, listener);
    NotifySettings settings =
        isBetweenOwners(cause, listener)
            ? rule.notifySettings().holdingAtLeast(PATIENCE)
            : rule.notifySettings();
    return of(FindingKind.OWNER_UNKNOWN, rule, settings, listener, wanted).withCause(cause);
  }

  private static String why(@Nullable UnknownOwner cause, Listener listener) {
    if (cause != null) {
      return cause.words();
    }
    return listener.owners().stream()
        .filter(FindingFactory::hasNoName)
        .findFirst()
        .map(owner -> "user id " + owner.uid() + " has no name in /etc/passwd")
        .orElse("its owner could not be determined");
  }

  /** True if the user of a process is known, and has no name on this host. */
  private static boolean hasNoName(Owner owner) {
    return owner.user() == null && owner.uid() != null;
  }

  /**
   * True if a process may have ended, or begun, between the looks at the socket and at its owner,
   * as in a restart. A socket of root without a process then looks like one of the kernel, and a
   * child that ends beside the server has a user and no file, as if there were no right to see it.
   */
  private static boolean isBetweenOwners(@Nullable UnknownOwner cause, Listener listener) {
    boolean noRight = cause == UnknownOwner.NO_RIGHT;
    List<Owner> owners = listener.owners();
    boolean isUnseen = owners.isEmpty() || (cause != null && cause == listener.unknownOwner());
    return isUnseen
        ? cause != null && !noRight
        : (cause == null && owners.stream().noneMatch(FindingFactory::hasNoName))
            || (noRight && owners.stream().anyMatch(owner -> owner.executable() != null));
  }

  /** The first of several owners that cannot be judged counts. */
  private static @Nullable UnknownOwner cause(List<OwnerTerm> terms, Listener listener) {
    return listener.owners().stream()
        .filter(owner -> new RuleTerms(List.of(), terms).accept(List.of(owner)) == Trilean.UNKNOWN)
        .findFirst()
        .map(FindingFactory::cause)
        .orElse(listener.unknownOwner());
  }

  /** Returns why an owner cannot be judged; {@code null} if the reason is not known. */
  static @Nullable UnknownOwner cause(Owner owner) {
    if (owner.details().inFlight()) {
      return UnknownOwner.IN_FLIGHT;
    }
    if (Boolean.TRUE.equals(owner.details().elsewhere())) {
      return UnknownOwner.OTHER_MOUNT_NAMESPACE;
    }
    if (Boolean.TRUE.equals(owner.details().deleted()) && !owner.details().replaced()) {
      return UnknownOwner.GONE;
    }
    if (owner.details().pathsLeftOut()) {
      return UnknownOwner.NOT_YET;
    }
    boolean hidden = owner.executable() == null && owner.user() != null;
    return hidden ? UnknownOwner.NO_RIGHT : null;
  }

  /**
   * A listener that the default denies.
   *
   * @param inDoubt the first rule that would select it if its owner were known
   */
  static Finding unlisted(Listener listener, Optional<Rule> inDoubt) {
    String message = message(listener, "matches no rule and the default denies");
    UnknownOwner cause = inDoubt.map(rule -> cause(rule.scope().owners(), listener)).orElse(null);
    Finding finding =
        Finding.ofEndpoint(
            FindingKind.UNLISTED,
            Policy.DEFAULT,
            mayBeOver(cause, listener) ? PATIENT : NotifySettings.of(Severity.WARNING),
            listener.endpoint(),
            message,
            listener.owners(),
            seen(listener));
    return finding.withCause(cause).saying(inDoubt.map(rule -> doubt(rule, cause)).orElse(""));
  }

  /** A UDP client often closes its socket before its owner is found. */
  private static boolean mayBeOver(@Nullable UnknownOwner cause, Listener listener) {
    boolean unseen = cause != null && cause != UnknownOwner.KERNEL && listener.owners().isEmpty();
    return cause == UnknownOwner.NOT_YET
        || (unseen && listener.endpoint().protocol() == Protocol.UDP);
  }

  private static String doubt(Rule rule, @Nullable UnknownOwner cause) {
    String why = cause == null ? "its owner is not known well enough" : cause.words();
    return "; the rule " + rule.name() + " cannot select it, because " + why;
  }

  static Finding hidden(Listener listener, Disagreement disagreement, Optional<Rule> rule) {
    String missed = String.join(", ", disagreement.missedBy());
    return Finding.ofEndpoint(
        FindingKind.HIDDEN,
        name(rule),
        hidden(rule),
        listener.endpoint(),
        message(listener, "was missing from " + missed + " three times in a row"),
        listener.owners(),
        List.of(SEEN_BY + String.join(", ", disagreement.seenBy()), "not shown by " + missed));
  }

  private static String name(Optional<Rule> rule) {
    return rule.map(Rule::name).orElse(Policy.DEFAULT);
  }

  private static NotifySettings hidden(Optional<Rule> rule) {
    return rule.map(Rule::notifySettings)
        .map(NotifySettings::hidden)
        .orElse(NotifySettings.of(Severity.CRITICAL));
  }

  /** A port that cannot be bound although no source shows a socket on it. */
  static Finding unexplained(Endpoint port, Optional<Rule> rule) {
    return Finding.ofEndpoint(
        FindingKind.HIDDEN,
        name(rule),
        hidden(rule),
        port,
        port.protocol() + " port " + port.port() + " is taken, but no source shows a listener",
        List.of(),
        List.of(
            "binding to " + port + " failed repeatedly: address in use",
            "neither the sources nor sock_diag show a socket on it in any state",
            "its socket may be bound to a single address of this family"));
  }

  static Finding missing(Rule rule, Endpoint endpoint) {
    String message =
        "nothing listens on "
            + endpoint.protocol()
            + " port "
            + endpoint.port()
            + ", which is required";
    return Finding.ofEndpoint(
        FindingKind.MISSING,
        rule.name(),
        rule.notifySettings(),
        endpoint,
        message,
        List.of(),
        List.of());
  }

  private static Finding of(FindingKind kind, Rule rule, Listener listener, String what) {
    return of(kind, rule, rule.notifySettings(), listener, what);
  }

  private static Finding of(
      FindingKind kind, Rule rule, NotifySettings settings, Listener listener, String what) {
    return Finding.ofEndpoint(
        kind,
        rule.name(),
        settings,
        listener.endpoint(),
        message(listener, what),
        listener.owners(),
        seen(listener));
  }

  private static String message(Listener listener, String what) {
    return listener.place() + " " + what + "; held by " + holders(listener);
  }

  private static String holders(Listener listener) {
    Redirect via = listener.via();
    Container receiver = via == null ? null : via.container();
    if (receiver == null) {
      return owners(listener.owners())
          + (listener.hasAnotherOwner() ? " and an unknown owner" : "");
    }
    String container = "container " + receiver;
    return listener.owners().isEmpty()
        ? container
        : owners(listener.owners()) + " for " + container;
  }

  private static List<String> seen(Listener listener) {
    Stream<String> owners =
        listener.owners().stream().limit(MOST_OWNERS_NAMED).flatMap(FindingFactory::facts);
    return Stream.concat(Stream.of(SEEN_BY + String.join(", ", listener.seenBy())), owners)
        .toList();
  }

  /** The facts about an owner that its short form does not have. */
  private static Stream<String> facts(Owner owner) {
    OwnerDetails details = owner.details();
    List<String> facts = new ArrayList<>();
    if (!details.ancestors().isEmpty()) {
      facts.add("started by " + OwnerDetails.chain(details.ancestors()));
    }
    if (details.packageName() != null) {
      facts.add("of package " + details.packageName());
    }
    if (details.sha256() != null) {
      facts.add("with SHA-256 " + details.sha256());
    }
    return facts.isEmpty()
        ? Stream.empty()
        : Stream.of("pid " + owner.pid() + " " + String.join(", ", facts));
  }

  /** The owners in words; only the first of many. */
  static String owners(List<Owner> owners) {
    if (owners.size() <= 1) {
      return owners.isEmpty() ? "an unknown owner" : owners.get(0).toString();
    }
    return ShortList.of(owners, MOST_OWNERS_NAMED);
  }

  private static String join(List<?> terms) {
    return terms.stream().map(Object::toString).collect(Collectors.joining(" or "));
  }
}

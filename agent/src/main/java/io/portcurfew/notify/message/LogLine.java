package io.portcurfew.notify.message;

import io.portcurfew.alert.Reason;
import io.portcurfew.judge.Finding;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Summary;
import io.portcurfew.observe.BriefOpening;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.FindingType;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A notification as one short line for people, as in {@code CRITICAL npmp-gui tcp 0.0.0.0:611
 * opened by python3[4711] /usr/bin/python3.11 user=root}. {@link EcsLine} has everything else.
 */
public final class LogLine {

  /** The longest line in characters. */
  public static final int MOST = 160;

  /** A name that a process gives itself has at most 15 bytes, and more where they are escaped. */
  private static final int LONGEST_NAME = 24;

  private static final int LONGEST_PLACE = 32;

  private static final int SHORTEST_PATH = 20;

  private LogLine() {}

  /** The line; long paths are cut in the middle, everything else at its end. */
  public static String of(Notification one) {
    return AlertText.cut(AlertText.oneLine(whole(one)), MOST);
  }

  private static String whole(Notification one) {
    Summary summary = one.summary();
    if (summary != null) {
      return upper(summary.worst().label()) + " summary: " + summary.text();
    }
    Finding finding = one.alert().finding();
    if (one.reason() == Reason.RESOLVED) {
      return "RESOLVED " + finding.rule() + ": " + AlertText.message(one);
    }
    String reason = one.reason() == Reason.FIRST ? "" : one.reason().label() + ": ";
    String start = upper(finding.severity().label()) + " " + finding.rule() + " " + reason;
    Endpoint endpoint = finding.endpoint();
    return endpoint == null || finding.owners().isEmpty()
        ? start + AlertText.message(one)
        : withOwner(start + endpoint + " " + verb(finding.kind()) + " ", finding);
  }

  private static String withOwner(String start, Finding finding) {
    List<Owner> owners = finding.owners();
    String rest =
        (owners.size() == 1 ? "" : " and " + (owners.size() - 1) + " more")
            + brief(finding.brief());
    boolean isAboutOwner = isAboutOwner(finding.kind());
    String place = isAboutOwner ? place(owners.get(0).details()) : "";
    int room = MOST - start.length() - place.length() - rest.length();
    String line = start + owner(owners.get(0), room) + place;
    String parent = isAboutOwner ? parent(owners.subList(0, 1)) : "";
    boolean hasRoom = line.length() + parent.length() + rest.length() <= MOST;
    return line + (hasRoom ? parent : "") + rest;
  }

  /** The parent of a process; a long line leaves it out. */
  private static String parent(List<Owner> owner) {
    String parent = AlertText.parents(owner);
    return parent.isEmpty() ? "" : " parent=" + parent;
  }

  private static boolean isAboutOwner(FindingType type) {
    return type == FindingKind.WRONG_OWNER || type == FindingKind.OWNER_UNKNOWN;
  }

  /** The container or the unit of a process: the term of its rule may be about them. */
  private static String place(OwnerDetails details) {
    if (details.container() != null) {
      return place("container", details.container().label());
    }
    return details.unit() == null ? "" : place("unit", details.unit());
  }

  private static String place(String key, HostText name) {
    return " " + key + "=" + AlertText.word(AlertText.cut(name.toString(), LONGEST_PLACE));
  }

  private static String verb(FindingType type) {
    if (!(type instanceof FindingKind kind)) {
      return "held by";
    }
    return switch (kind) {
      case OPEN, UNLISTED -> "opened by";
      case EXPOSED -> "exposed by";
      case HIDDEN -> "hidden, held by";
      case WRONG_OWNER -> "held by the wrong owner";
      case OWNER_UNKNOWN -> "held by the unproven owner";
      case REPLACED -> "held by the replaced program";
      case MISSING, BLIND -> "held by";
    };
  }

  /** The first owner in at most this many characters, as far as a cut path allows. */
  private static String owner(Owner owner, int most) {
    if (owner.kernel() != null) {
      return "kernel: " + owner.kernel();
    }
    HostText path = owner.executable();
    String process =
        AlertText.word(AlertText.cut(name(owner.name(), path), LONGEST_NAME))
            + "["
            + owner.pid()
            + "]";
    String user = user(owner);
    if (path == null) {
      return process + user;
    }
    int room = Math.max(SHORTEST_PATH, most - process.length() - user.length() - 1);
    return process + " " + AlertText.word(AlertText.cutMiddle(path.toString(), room)) + user;
  }

  /** An event knows the file of a process before its name. */
  private static String name(@Nullable HostText own, @Nullable HostText path) {
    if (own != null) {
      return own.toString();
    }
    return path == null ? "pid" : path.toString().replaceFirst(".*/(?=.)", "");
  }

  private static String user(Owner owner) {
    HostText name = owner.user();
    if (name != null) {
      return " user=" + AlertText.word(AlertText.cut(name.toString(), LONGEST_NAME));
    }
    return owner.uid() == null ? "" : " uid=" + owner.uid();
  }

  private static String brief(@Nullable BriefOpening brief) {
    if (brief == null) {
      return "";
    }
    return brief.count() == 1 ? "; " + brief : "; opened " + brief.count() + " times";
  }

  private static String upper(String label) {
    return label.toUpperCase(Locale.ROOT);
  }
}

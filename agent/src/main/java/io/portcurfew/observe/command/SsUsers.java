package io.portcurfew.observe.command;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.process.ByteText;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The list of processes in a row of ss: {@code users:(("a",pid=1,fd=3),("b",pid=2,fd=3))}, or in
 * old versions {@code users:(("a",1,3))}.
 *
 * <p>ss prints names unescaped, so {@code ",pid=1,fd=3),(} is a valid name, and a simple search for
 * {@code pid=} would name process 1. This parser finds every way to divide the text into {@code
 * ("name",pid=N,fd=N)}. A name has at most 15 characters (TASK_COMM_LEN, linux/sched.h). A pid
 * counts only if all ways have a group that ends there, and a name only if all ways have that
 * group.
 *
 * @param owners the processes that all ways have in common
 * @param certain true if there is only one way
 * @param oldForm true if the numbers have no {@code pid=} and {@code fd=}
 * @param end the index after the list in the text
 */
record SsUsers(List<Owner> owners, boolean certain, boolean oldForm, int end) {

  private static final int LONGEST_NAME = 15;

  /** The text before the first group; a timer may come before the list. */
  private static final Pattern BEGIN =
      Pattern.compile("\\s*+(?:timer:\\(\\S*+\\s++)?+users:\\((?=\\(\")");

  /**
   * The rest of a group, with a thread (-T) and the contexts of SELinux (-Z, -z), which may contain
   * commas.
   */
  private static final Pattern NUMBERS =
      Pattern.compile(
          "\",pid=([0-9]{1,10}),(?:tid=[0-9]{1,10},)?(?:proc_ctx=[\\w:.,?-]{1,255}?,)?"
              + "fd=[0-9]{1,10}(?:,sock_ctx=[\\w:.,?-]{1,255})?\\)");

  private static final Pattern OLD_NUMBERS = Pattern.compile("\",([0-9]{1,10}),[0-9]{1,10}\\)");

  /** One process of the list, from its opening to after its closing parenthesis. */
  private record Group(int start, int end, String name, int pid) {}

  /** True if the text begins with a list. */
  static boolean begin(String rest) {
    return BEGIN.matcher(rest).lookingAt();
  }

  /**
   * Parses the list at the start of the text after the peer.
   *
   * @return empty if there is a list that cannot be parsed: it is truncated or not a list of ss
   */
  static Optional<SsUsers> read(String rest) {
    Matcher begin = BEGIN.matcher(rest);
    if (!begin.lookingAt()) {
      return Optional.of(new SsUsers(List.of(), true, false, 0));
    }
    return read(rest, begin.end(), NUMBERS).or(() -> read(rest, begin.end(), OLD_NUMBERS));
  }

  private static Optional<SsUsers> read(String text, int first, Pattern form) {
    List<Group> groups = new ArrayList<>();
    TreeSet<Integer> starts = new TreeSet<>(Set.of(first));
    Optional<Integer> last = Optional.empty();
    while (!starts.isEmpty()) {
      for (Group group : groupsAt(text, starts.pollFirst(), form.matcher(text))) {
        groups.add(group);
        if (text.startsWith(",(\"", group.end)) {
          starts.add(group.end + 1);
        } else if (closes(text, group.end) && last.filter(end -> end > group.end).isEmpty()) {
          last = Optional.of(group.end);
        }
      }
    }
    return last.map(end -> agreed(useful(groups, end), form.equals(OLD_NUMBERS), end));
  }

  private static boolean closes(String text, int at) {
    return text.startsWith(")", at)
        && (at + 1 == text.length() || Character.isWhitespace(text.charAt(at + 1)));
  }

  /** Returns the possible groups at an index: one for each quote that may end the name. */
  private static List<Group> groupsAt(String text, int start, Matcher numbers) {
    List<Group> groups = new ArrayList<>();
    int name = start + 2;
    int length = 0;
    for (int quote = name; quote < text.length() && length <= LONGEST_NAME; quote++) {
      if (numbers.region(quote, text.length()).lookingAt()) {
        String printed = text.substring(name, quote);
        int end = numbers.end();
        ByteText.pid(numbers.group(1))
            .ifPresent(pid -> groups.add(new Group(start, end, printed, pid)));
      }
      // A continuation byte of UTF-8 is not a character: captures may be re-encoded.
      length += (text.charAt(quote) & 0xC0) == 0x80 ? 0 : 1;
    }
    return groups;
  }

  /** Returns the groups from which the end of the list can be reached, in order. */
  private static List<Group> useful(List<Group> groups, int last) {
    Set<Integer> reaching = new HashSet<>();
    List<Group> useful = new ArrayList<>();
    for (int i = groups.size() - 1; i >= 0; i--) {
      Group group = groups.get(i);
      if (group.end == last || reaching.contains(group.end + 1)) {
        reaching.add(group.start);
        useful.add(group);
      }
    }
    Collections.reverse(useful);
    return useful;
  }

  private static SsUsers agreed(List<Group> groups, boolean oldForm, int last) {
    BitSet inside = new BitSet();
    Set<Integer> ends = new HashSet<>();
    Set<Integer> sharedEnds = new HashSet<>();
    for (Group group : groups) {
      inside.set(group.start + 1, group.end);
      if (!ends.add(group.end)) {
        sharedEnds.add(group.end);
      }
    }
    List<Owner> owners = new ArrayList<>();
    for (Group group : groups) {
      if (!inside.get(group.end)) {
        HostText name =
            sharedEnds.contains(group.end) ? null : HostText.of(ByteText.raw(group.name));
        owners.add(new Owner(group.pid, name, null, null, null));
      }
    }
    boolean certain = owners.size() == groups.size();
    return new SsUsers(List.copyOf(owners), certain, oldForm, last + 1);
  }
}

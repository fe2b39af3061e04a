package io.portcurfew.observe.command;

import io.portcurfew.observe.Owner;
import io.portcurfew.process.ByteText;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Combines fields into files. A {@code p} starts a process; its c, u and L apply to all its files.
 * An {@code f} starts a file; its t, P, n and T come in any order. Some versions omit f, so a
 * second t, P or n starts a file too. Other letters are skipped.
 */
final class LsofSets {

  private static final int MOST_SHOWN = 200;

  /** TASK_COMM_LEN of Linux is 16, with the terminating zero. */
  private static final int LONGEST_NAME = 15;

  private static final Pattern GLUED = Pattern.compile("P(?:TCP|UDP)|n\\S*:[\\d*]|\\stIPv[46]");

  /**
   * Other fields (lsof(8), OUTPUT FOR OTHER PROGRAMS): numbers, flags, a name or a context. A value
   * with other characters may contain the next field.
   */
  private static final Pattern OTHER =
      Pattern.compile(
          "(?:[CFgiDdkKNRrs][\\da-fA-FxX,;:.]{0,64}|o0[tx][\\da-fA-F]{1,20}|o\\d{1,20}|G[\\dA-Zx,;]{0,64}|[al][\\w -]?"
              + "|S.{0,64}|[MmzZ].{0,255}+)\\s*+");

  private static final Pattern FD = Pattern.compile("\\*?\\d{1,10}|[A-Za-z]{2,4}\\d{0,4}");

  private final ViewBuilder view;
  private @Nullable Integer pid;
  private @Nullable String command;
  private @Nullable Long uid;
  private @Nullable String user;
  private @Nullable String type;
  private @Nullable String node;
  private @Nullable String name;
  private @Nullable String state;
  private boolean open;
  private boolean files = true;
  private @Nullable String processField;
  private boolean opened;
  private boolean noProcess;
  private final List<StatelessSocket> tcp = new ArrayList<>();

  /** A TCP socket without a state. It is kept until the end shows if other sockets have one. */
  private record StatelessSocket(LsofFile file, List<Owner> owners, String shown) {}

  private boolean states;
  private final StringBuilder shown = new StringBuilder();

  LsofSets(ViewBuilder view) {
    this.view = view;
  }

  /** One field: a letter and its value. */
  void field(String field) {
    if (field.isBlank()) {
      return;
    }
    String value = field.substring(1).stripTrailing();
    if (!opened && !noProcess && "cuLftPnT".indexOf(field.charAt(0)) >= 0) {
      noProcess = true;
      view.unreadable("a field before the first process", ByteText.raw(field));
    }
    switch (field.charAt(0)) {
      case 'p' -> process(value, field);
      case 'c' -> command = value(value, field);
      case 'u' -> uid = ByteText.number(value).orElse(null);
      case 'L' -> user = value(value, field);
      case 'f', 't', 'P', 'n', 'T' -> file(field.charAt(0), value, field);
      default -> skip(field);
    }
  }

  /** True if another field with an address begins inside the value: a line end is lost. */
  private String value(String value, String field) {
    if (value.length() > LONGEST_NAME && GLUED.matcher(value).find()) {
      view.unreadable("more than one field in a line", ByteText.raw(field));
    }
    return value;
  }

  private void process(String value, String field) {
    end();
    reportWithoutFiles();
    opened = true;
    files = false;
    pid = ByteText.pid(value).orElse(null);
    command = null;
    uid = null;
    user = null;
    processField = pid == null ? null : field;
    if (pid == null) {
      view.unreadable("no process id", ByteText.raw(field));
    }
  }

  private void reportWithoutFiles() {
    if (!files && processField != null) {
      view.unreadable("a process without files", ByteText.raw(processField));
    }
  }

  private void file(char id, String value, String field) {
    files = true;
    if (id == 'f' && !FD.matcher(value).matches()) {
      view.unreadable("no file descriptor", ByteText.raw(field));
    }
    if (id == 'f' || isSet(id)) {
      end();
    }
    open = true;
    show(field);
    switch (id) {
      case 't' -> type = value;
      case 'P' -> node = value;
      case 'n' -> name = value;
      case 'T' -> state = value.startsWith("ST=") ? value.substring(3) : state;
      default -> {}
    }
  }

  private boolean isSet(char id) {
    return (id == 't' && type != null)
        || (id == 'P' && node != null)
        || (id == 'n' && name != null);
  }

  private void show(String field) {
    if (shown.length() < MOST_SHOWN) {
      shown.append(shown.isEmpty() ? "" : " ").append(field, 0, Math.min(field.length(), 100));
    }
  }

  private void skip(String field) {
    if (!LsofText.message(view, field) && !OTHER.matcher(field).matches()) {
      view.unreadable("not a field of lsof", ByteText.raw(field));
    }
  }

  /** Adds the remaining file and sockets after the last field. */
  void endAll() {
    end();
    reportWithoutFiles();
    for (StatelessSocket socket : tcp) {
      if (states) {
        view.unreadable("no state, although other files have one", ByteText.raw(socket.shown));
      } else {
        socket.file.addTo(view, socket.owners, ByteText.raw(socket.shown));
      }
    }
  }

  private void add(LsofFile file) {
    boolean bare = "TCP".equals(file.node()) && file.state() == null && file.name() != null;
    states |= "TCP".equals(file.node()) && file.state() != null;
    if (bare) {
      tcp.add(new StatelessSocket(file, owner(), shown.toString()));
    } else {
      file.addTo(view, owner(), ByteText.raw(shown.toString()));
    }
  }

  /** Adds the current file, if there is one. */
  private void end() {
    if (open) {
      add(new LsofFile(type, node, name, state));
    }
    open = false;
    type = null;
    node = null;
    name = null;
    state = null;
    shown.setLength(0);
  }

  private List<Owner> owner() {
    if (pid == null) {
      return List.of();
    }
    Owner known = LsofText.owner(pid, command, user);
    return List.of(known.or(new Owner(pid, null, null, null, uid)));
  }
}

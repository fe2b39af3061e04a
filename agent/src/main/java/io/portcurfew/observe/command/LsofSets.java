package io.portcurfew.observe.command;

import io.portcurfew.observe.Owner;
import io.portcurfew.process.ByteText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gathers fields into files. A {@code p} opens a process, whose c, u and L hold for all its files;
 * an {@code f} opens a file, whose t, P, n and T come in any order. Some versions leave f out: a
 * second t, P or n opens a file too. Other letters are skipped.
 */
final class LsofSets {

  private static final int MOST_SHOWN = 200;

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
  private final StringBuilder shown = new StringBuilder();

  LsofSets(ViewBuilder view) {
    this.view = view;
  }

  /** One field: a letter and its value. */
  void field(String field) {
    if (field.isEmpty()) {
      return;
    }
    String value = field.substring(1);
    switch (field.charAt(0)) {
      case 'p' -> process(value, field);
      case 'c' -> command = value;
      case 'u' -> uid = ByteText.number(value).orElse(null);
      case 'L' -> user = value;
      case 'f', 't', 'P', 'n', 'T' -> file(field.charAt(0), value, field);
      default -> skip(field);
    }
  }

  private void process(String value, String field) {
    end();
    pid = ByteText.pid(value).orElse(null);
    command = null;
    uid = null;
    user = null;
    if (pid == null) {
      view.unreadable("no process id", ByteText.raw(field));
    }
  }

  private void file(char id, String value, String field) {
    if (id == 'f' || isTold(id)) {
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

  private boolean isTold(char id) {
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
    char id = field.charAt(0);
    boolean letter = (id >= 'a' && id <= 'z') || (id >= 'A' && id <= 'Z');
    if (!LsofText.message(view, field) && !letter) {
      view.unreadable("not a field of lsof", ByteText.raw(field));
    }
  }

  /** Tells the file whose fields have been gathered, if there is one. */
  void end() {
    if (open) {
      new LsofFile(type, node, name, state).tell(view, owner(), ByteText.raw(shown.toString()));
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

package io.portcurfew.cli;

import io.portcurfew.observe.HostText;
import java.util.Map;

/** Who runs this command. */
final class InvokingUser {

  private InvokingUser() {}

  /** The name of the user; of root by sudo that of the user who called it. */
  static String name() {
    return name(System.getProperty("user.name", "?"), System.getenv());
  }

  static String name(String user, Map<String, String> environment) {
    String called = environment.get("SUDO_USER");
    String name = user.equals("root") && called != null ? called : user;
    return HostText.of(name).toString();
  }
}

package io.portcurfew.cli.silence;

import io.portcurfew.observe.HostText;
import java.util.Map;

/** Determines the user who runs this command. */
final class InvokingUser {

  private InvokingUser() {}

  /** The name of the user; under sudo, the user who caller it. */
  static String name() {
    return name(System.getProperty("user.name", "?"), System.getenv());
  }

  static String name(String user, Map<String, String> environment) {
    String caller = environment.get("SUDO_USER");
    String name = user.equals("root") && caller != null ? caller : user;
    return HostText.of(name).toString();
  }
}

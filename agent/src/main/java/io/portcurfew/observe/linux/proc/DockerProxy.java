package io.portcurfew.observe.linux.proc;

import io.portcurfew.observe.HostText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the target address of docker-proxy from its arguments; pure. */
public final class DockerProxy {

  private static final String PROGRAM = "/docker-proxy";

  private DockerProxy() {}

  /**
   * Returns the address and port in the container.
   *
   * @param executable the path of the program
   * @param commandLine the arguments, each followed by a zero byte: {@code -container-ip 172.17.0.2
   *     -container-port 80} (moby, cmd/docker-proxy)
   * @return {@code null} if the program is another one or the arguments are missing
   */
  public static @Nullable HostText target(
      byte @Nullable [] executable, byte @Nullable [] commandLine) {
    if (executable == null || commandLine == null || !text(executable).endsWith(PROGRAM)) {
      return null;
    }
    List<String> arguments = List.of(text(commandLine).split("\0", -1));
    String address = after(arguments, "-container-ip");
    String port = after(arguments, "-container-port");
    if (address == null || port == null) {
      return null;
    }
    String target = (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + port;
    return HostText.of(target.getBytes(StandardCharsets.ISO_8859_1), 128);
  }

  private static @Nullable String after(List<String> arguments, String option) {
    int at = arguments.indexOf(option);
    return at < 0 || at + 1 >= arguments.size() ? null : arguments.get(at + 1);
  }

  private static String text(byte[] raw) {
    return new String(raw, StandardCharsets.ISO_8859_1);
  }
}

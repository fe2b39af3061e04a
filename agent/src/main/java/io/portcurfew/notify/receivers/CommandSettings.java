package io.portcurfew.notify.receivers;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The settings of a command receiver.
 *
 * @param program an absolute path
 * @param timeout the limit after which the program and its children are ended
 */
public record CommandSettings(Path program, List<String> arguments, Duration timeout)
    implements ReceiverSettings {

  public CommandSettings {
    arguments = List.copyOf(arguments);
  }

  @Override
  public String kind() {
    return "command";
  }

  @Override
  public List<URI> servers() {
    return List.of();
  }
}

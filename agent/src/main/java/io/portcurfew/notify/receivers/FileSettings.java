package io.portcurfew.notify.receivers;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * A file with a line of JSON for each notification.
 *
 * @param file an absolute path
 * @param mostBytes after which another one is begun
 * @param keep how many older ones are kept
 */
public record FileSettings(Path file, long mostBytes, int keep) implements ReceiverSettings {

  @Override
  public String kind() {
    return "file";
  }

  @Override
  public List<URI> servers() {
    return List.of();
  }
}

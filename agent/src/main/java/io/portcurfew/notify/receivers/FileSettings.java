package io.portcurfew.notify.receivers;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * The settings of a file receiver: one line of JSON for each notification.
 *
 * @param file an absolute path
 * @param mostBytes the size after which a new file is started
 * @param keep the number of older files to keep
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

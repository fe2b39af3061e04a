package io.portcurfew.notify.receivers;

import io.portcurfew.notify.message.MessageForm;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * The settings of a file receiver: one line of JSON for each notification.
 *
 * @param file an absolute path
 * @param form ECS or OCSF
 * @param mostBytes the size after which a new file is started
 * @param keep the number of older files to keep
 */
public record FileSettings(Path file, MessageForm form, long mostBytes, int keep)
    implements ReceiverSettings {

  /** Lines of the Elastic Common Schema. */
  public FileSettings(Path file, long mostBytes, int keep) {
    this(file, MessageForm.USUAL, mostBytes, keep);
  }

  @Override
  public String kind() {
    return "file";
  }

  @Override
  public List<URI> servers() {
    return List.of();
  }
}

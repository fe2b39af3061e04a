package io.portcurfew.config;

import io.portcurfew.config.files.FileStamps;
import io.portcurfew.config.yaml.ReadResult;
import java.util.function.UnaryOperator;

/**
 * The result of reading all files once.
 *
 * @param stamps the attributes of each file before it was read, also of bad and missing files
 */
public record LoadAttempt(ReadResult<LoadedConfig> read, FileStamps stamps) {

  /** The same files, changed if they are valid. */
  public LoadAttempt map(UnaryOperator<LoadedConfig> change) {
    return read instanceof ReadResult.Good<LoadedConfig> good
        ? new LoadAttempt(new ReadResult.Good<>(change.apply(good.value())), stamps)
        : this;
  }
}

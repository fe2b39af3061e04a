package io.portcurfew.config.files;

import io.portcurfew.config.files.GuardedFile.Complaint;
import io.portcurfew.config.files.GuardedFile.Content;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Node;
import io.portcurfew.notify.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Reads a secret from the file that the config names. No problem shows its content. */
public final class SecretReader {

  private static final int MOST = 4096;
  private static final String EXPECTED = "the absolute path of a file that holds the secret";

  private SecretReader() {}

  /** Reads the secret; adds a problem and returns nothing if the file is refused. */
  public static Optional<Secret> read(Field field) {
    Optional<Path> file = path(field);
    try {
      return file.isEmpty() ? Optional.empty() : read(field, file.get());
    } catch (IOException e) {
      refuse(field, "the secret file " + FileErrorText.of(e));
      return Optional.empty();
    }
  }

  /** The operator may have written the secret itself here, so only a path is ever shown. */
  private static Optional<Path> path(Field field) {
    if (field.node() instanceof Node.Scalar scalar
        && !scalar.isNull()
        && !scalar.text().startsWith("/")) {
      field.wrong("the path is not absolute", "a text that is not shown", EXPECTED, null);
      return Optional.empty();
    }
    return PathReader.absolute(field, EXPECTED);
  }

  private static Optional<Secret> read(Field field, Path file) throws IOException {
    field.problems().reads(file);
    Content content = GuardedFile.read(file, MOST, FileTrust.OF_THIS_PROCESS);
    for (Complaint why : content.complaints()) {
      field.wrong(why.what(), why.found(), why.expected(), null);
    }
    if (content.openToOthers()) {
      refuse(field, "other users can access the secret file; run chmod o= on it");
      return Optional.empty();
    }
    return content.bytes().flatMap(read -> secret(field, read));
  }

  private static Optional<Secret> secret(Field field, byte[] read) {
    byte[] secret = withoutLineEnd(read);
    if (secret.length == 0 || read.length > MOST) {
      refuse(field, "the secret file is empty or larger than 4 KiB");
      return Optional.empty();
    }
    return Optional.of(Secret.of(secret));
  }

  private static void refuse(Field field, String what) {
    field.wrong(what, "a file of 1 to 4096 bytes that only its user and group can read");
  }

  /** Removes the line end that an editor adds. */
  private static byte[] withoutLineEnd(byte[] read) {
    int length = read.length;
    if (length > 0 && read[length - 1] == '\n') {
      length--;
      if (length > 0 && read[length - 1] == '\r') {
        length--;
      }
    }
    return Arrays.copyOf(read, length);
  }
}

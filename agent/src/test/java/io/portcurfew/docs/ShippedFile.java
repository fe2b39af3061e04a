package io.portcurfew.docs;

import java.io.IOException;
import java.nio.file.Files;

/** A file of the repository that is shipped. */
public final class ShippedFile {

  private ShippedFile() {}

  /** Reads a file by its path in the repository. */
  public static String read(String path) throws IOException {
    return Files.readString(Page.ROOT.resolve(path));
  }
}

package io.portcurfew.store;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Compressed JSON: deflate (RFC 1951) with a dictionary of frequent parts. 10,000 listeners take a
 * third of the space.
 */
final class CompressedJson {

  /** A part of the file format: rows compressed with it cannot be read with another one. */
  private static final byte[] DICTIONARY =
      ("{\"id\":\"\",\"state\":\"PENDING\",\"state\":\"RESOLVED\",\"state\":\"FIRING\",\"starts\":\"20"
              + "\",\"ends\":\"20\",\"course\":{\"told\":\"202\",\"owners\":[\"/usr/bin/python3 0 - -"
              + "\"],\"changes\":[\"202\"]},\"finding\":{\"kind\":\"OPEN\",\"rule\":\"default\",\"telling\":"
              + "{\"severity\":\"CRITICAL\"},{\"severity\":\"WARNING\"},\"endpoint\":{\"protocol\":\"UDP\","
              + "{\"endpoint\":{\"protocol\":\"TCP\",\"host\":\"0.0.0.0\",\"host\":\"127.0.0.1\",\"port\":"
              + ",\"namespace\":\"host\"},\"message\":\"tcp 0.0.0.0: is open and should be closed; held by"
              + " pid (python3) as root\",\"identities\":[\"/usr/sbin/ 0 - -\"],\"owners\":[{\"pid\":1"
              + ",\"name\":\"python3\",\"executable\":\"/usr/bin/\",\"user\":\"root\",\"uid\":0,\"details\":"
              + "{\"started\":\"2026-\",\"argument\":\"/usr/bin/\",\"deleted\":false,\"elsewhere\":false,"
              + "\"unit\":\".service\",\"ancestors\":[{\"pid\":1,\"name\":\"systemd\"}]}}],\"evidence\":"
              + "[\"seen by sock_diag\"]}}")
          .getBytes(StandardCharsets.UTF_8);

  private static final int BUFFER = 4096;

  private CompressedJson() {}

  static byte[] of(String json) {
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    try {
      deflater.setDictionary(DICTIONARY);
      deflater.setInput(json.getBytes(StandardCharsets.UTF_8));
      deflater.finish();
      ByteArrayOutputStream compressed = new ByteArrayOutputStream();
      byte[] buffer = new byte[BUFFER];
      while (!deflater.finished()) {
        compressed.write(buffer, 0, deflater.deflate(buffer));
      }
      return compressed.toByteArray();
    } finally {
      deflater.end();
    }
  }

  /**
   * Decompresses a text.
   *
   * @throws IllegalArgumentException if the bytes are not a compressed text
   */
  static String json(byte[] compressed) {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setDictionary(DICTIONARY);
      inflater.setInput(compressed);
      ByteArrayOutputStream json = new ByteArrayOutputStream();
      byte[] buffer = new byte[BUFFER];
      while (!inflater.finished()) {
        int more = inflater.inflate(buffer);
        if (more == 0 && !inflater.finished()) {
          throw new IllegalArgumentException("a compressed text is cut");
        }
        json.write(buffer, 0, more);
      }
      return json.toString(StandardCharsets.UTF_8);
    } catch (DataFormatException e) {
      throw new IllegalArgumentException("not a compressed text", e);
    } finally {
      inflater.end();
    }
  }
}

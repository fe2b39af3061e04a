package io.portcurfew.notify.receivers;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A strict parser for messages of RFC 5424, 6. */
record Rfc5424(
    int priority, List<String> header, Map<String, Map<String, String>> data, String text) {

  static Rfc5424 of(byte[] message) {
    return new Reader(text(message)).message();
  }

  private static String text(byte[] message) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(message)).toString();
    } catch (CharacterCodingException e) {
      throw new AssertionError("not UTF-8", e);
    }
  }

  private static final class Reader {
    private final String in;
    private int at;

    Reader(String in) {
      this.in = in;
    }

    Rfc5424 message() {
      take('<');
      int priority = Integer.parseInt(until('>'));
      if (priority > 191 || in.charAt(at) != '1') {
        throw new AssertionError("neither priority nor version: " + in);
      }
      at++;
      take(' ');
      List<String> header = new ArrayList<>();
      int[] most = {32, 255, 48, 128, 32};
      for (int length : most) {
        String word = until(' ');
        if (word.isEmpty() || word.length() > length || !word.matches("[!-~]+")) {
          throw new AssertionError("no header field: " + word);
        }
        header.add(word);
      }
      Map<String, Map<String, String>> data = new LinkedHashMap<>();
      while (in.charAt(at) == '[') {
        element(data);
      }
      take(' ');
      take('\uFEFF');
      return new Rfc5424(priority, header, data, in.substring(at));
    }

    private void element(Map<String, Map<String, String>> data) {
      take('[');
      String id = name();
      Map<String, String> parameters = new LinkedHashMap<>();
      while (in.charAt(at) == ' ') {
        at++;
        String name = name();
        take('=');
        take('"');
        if (parameters.put(name, value()) != null) {
          throw new AssertionError(name + " comes twice");
        }
      }
      take(']');
      if (data.put(id, parameters) != null) {
        throw new AssertionError(id + " comes twice");
      }
    }

    private String name() {
      int start = at;
      while (in.charAt(at) > ' ' && in.charAt(at) < 127 && "=]\"".indexOf(in.charAt(at)) < 0) {
        at++;
      }
      if (at == start || at - start > 32) {
        throw new AssertionError("no name at " + start + " of " + in);
      }
      return in.substring(start, at);
    }

    private String value() {
      StringBuilder value = new StringBuilder();
      while (in.charAt(at) != '"') {
        if (in.charAt(at) == '\\' && "\"\\]".indexOf(in.charAt(at + 1)) >= 0) {
          at++;
        } else if (in.charAt(at) == ']') {
          throw new AssertionError("] is not escaped in " + in);
        }
        value.append(in.charAt(at++));
      }
      at++;
      return value.toString();
    }

    private String until(char end) {
      int start = at;
      at = in.indexOf(end, start) + 1;
      return in.substring(start, at - 1);
    }

    private void take(char expected) {
      if (in.charAt(at) != expected) {
        throw new AssertionError(expected + " expected at " + at + " of " + in);
      }
      at++;
    }
  }
}

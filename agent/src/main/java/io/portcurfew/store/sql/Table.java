package io.portcurfew.store.sql;

import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;

/** The tables, and the statements that read and write their rows. */
public enum Table {
  LIFE("id", "lived", "looked"),
  BODY("id", "json"),
  ALERT("id", "state", "ends", "body"),
  NOTIFICATION("seq", "id", "reason", "host", "policy", "made", "lived", "body"),
  DELIVERY("receiver", "notification", "state", "attempts", "ended", "why"),
  TALLY("receiver", "created", "delivered", "folded", "dead"),
  SIGHT("id", "json", "first", "last"),
  CHAIN("seq", "at", "what", "json", "hash"),
  MARK("id", "entry", "hash"),
  SILENCE("id", "starts", "ends", "json");

  private final int width;
  private final String put;
  private final String select;

  Table(String... columns) {
    this.width = columns.length;
    String table = name().toLowerCase(Locale.ROOT);
    String all = String.join(", ", Arrays.asList(columns)) + ", seal";
    String marks = String.join(", ", Collections.nCopies(columns.length + 1, "?"));
    put = "INSERT OR REPLACE INTO " + table + " (" + all + ") VALUES (" + marks + ")";
    select = "SELECT " + all + " FROM " + table;
  }

  int width() {
    return width;
  }

  /** The statement that writes a row and its seal, replacing the row with the same key. */
  String put() {
    return put;
  }

  /** The statement that reads rows and their seals. */
  String select() {
    return select;
  }
}

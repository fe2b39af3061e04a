package io.portcurfew.store;

import io.portcurfew.store.sql.RowSeal;
import io.portcurfew.store.sql.Sql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Checks the rows of a running agent that has nothing to do. */
public final class DatabaseCheck {

  private DatabaseCheck() {}

  /**
   * The faults of the rows; empty if each delivery is accounted for and there are no more rows than
   * what is open.
   *
   * @param alerts the number of alerts that have not ended
   * @param listeners the most listeners that may be open
   */
  public static List<String> differences(Path folder, long alerts, long listeners) {
    List<String> wrong = new ArrayList<>();
    try (Sql sql = Sql.readOnly(folder.resolve(Database.FILE), RowSeal.existing(folder))) {
      new RowWriter(sql)
          .unbalanced()
          .forEach(one -> wrong.add("the deliveries do not add up: " + one));
      long open = sql.number("SELECT count(*) FROM alert WHERE ends IS NULL");
      if (open != alerts) {
        wrong.add("the database has " + open + " open alerts, not " + alerts);
      }
      long seen = sql.number("SELECT count(*) FROM sight WHERE last IS NULL");
      if (seen > listeners) {
        wrong.add("the history has " + seen + " open listeners, more than " + listeners);
      }
    } catch (SQLException | IOException e) {
      wrong.add("the rows cannot be read: " + e.getMessage());
    }
    return wrong;
  }

  /** The number of deliveries to this receiver that are pending in the database. */
  public static long pending(Path folder, String receiver) {
    try (Sql sql = Sql.readOnly(folder.resolve(Database.FILE), RowSeal.existing(folder))) {
      return sql.number(
          "SELECT count(*) FROM delivery WHERE state = 'pending' AND receiver = ?", receiver);
    } catch (SQLException | IOException e) {
      throw new IllegalStateException(e);
    }
  }
}

/** SQLite: tables, rows and their seals. */
@NullMarked
package io.portcurfew.store.sql;

import org.jspecify.annotations.NullMarked;

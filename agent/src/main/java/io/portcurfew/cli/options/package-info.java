/** The options and exit statuses that several commands share. */
@NullMarked
package io.portcurfew.cli.options;

import org.jspecify.annotations.NullMarked;

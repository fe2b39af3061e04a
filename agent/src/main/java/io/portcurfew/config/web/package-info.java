/** The reader of exporter-toolkit's web configuration file. */
@NullMarked
package io.portcurfew.config.web;

import org.jspecify.annotations.NullMarked;

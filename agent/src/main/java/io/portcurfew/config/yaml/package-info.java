/** The strict reader of YAML, and the readers of single values. */
@NullMarked
package io.portcurfew.config.yaml;

import org.jspecify.annotations.NullMarked;

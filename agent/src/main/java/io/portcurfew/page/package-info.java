/**
 * The status page and the JSON of the web server: what the agent knows, for people and programs.
 */
@NullMarked
package io.portcurfew.page;

import org.jspecify.annotations.NullMarked;

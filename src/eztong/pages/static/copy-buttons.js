// Buttons of the console that copy a link or a word.
import { offerCopying } from "./copying.js";

offerCopying(document);

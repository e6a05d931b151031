export { init } from "../filter";

import { AbsoluteFill } from 'remotion';
import './render-trouble-loud.css';

/** Comes with a style sheet that reaches everything in the page, its own template's or not. */
export default function Loud() {
  return <AbsoluteFill style={{ backgroundColor: 'red' }} />;
}

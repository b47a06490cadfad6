"""An invented population (演示数据): people, institutions, a catalogue, and a year of settlements.

Everything follows from a seed. What is settled is settled by the engine under the policies in
force and written through the tables and triggers that the portal itself writes through.
"""
